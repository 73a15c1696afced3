import { Migration } from '@mikro-orm/migrations';

/**
 * A refresh changes no indexed column of a session, and finds room for the row's next version in its page (HOT update). The sessions
 * of before are looked at by the next run of the job that expires sessions.
 */
export class Migration20261209110000_hot_sessions extends Migration {
  override up(): void {
    this.addSql(`alter table "sessions" add column "expiry_check_at" timestamptz not null default '-infinity'`);
    this.addSql('create index "sessions_expiry_check" on "sessions" ("expiry_check_at") where "ended_at" is null');
    this.addSql('drop index "sessions_open_until"');
    this.addSql('alter table "sessions" set (fillfactor = 80)');
  }

  override down(): void {
    this.addSql('alter table "sessions" reset (fillfactor)');
    this.addSql('create index "sessions_open_until" on "sessions" ("expires_at") where "ended_at" is null');
    this.addSql('alter table "sessions" drop column "expiry_check_at"');
  }
}
