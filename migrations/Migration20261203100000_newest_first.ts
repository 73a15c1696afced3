import { Migration } from '@mikro-orm/migrations';

/** Lists of all open sessions and of all API tokens, the newest first. */
export class Migration20261203100000_newest_first extends Migration {
  override up(): void {
    this.addSql('create index "sessions_open_newest" on "sessions" ("created_at", "id") where "ended_at" is null');
    this.addSql(
      'create index "sessions_open_address" on "sessions" ("ip_address", "created_at", "id") where "ended_at" is null',
    );
    this.addSql('create index "api_tokens_newest" on "api_tokens" ("created_at", "id")');
  }

  override down(): void {
    this.addSql('drop index "sessions_open_newest"');
    this.addSql('drop index "sessions_open_address"');
    this.addSql('drop index "api_tokens_newest"');
  }
}
