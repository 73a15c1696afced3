import { Migration } from '@mikro-orm/migrations';

/**
 * Each order of the list of users has an index with the tie-break in it, so that a page in the middle costs what the
 * first does. Usernames and addresses are unique, so theirs serve. The index of the search is no part of the schema:
 * it needs an extension that cannot be had everywhere, so each start looks after it (accounts/search-index.ts).
 */
export class Migration20261122190000_search extends Migration {
  override up(): void {
    this.addSql('create index "users_created_at_id_index" on "users" ("created_at", "id")');
    this.addSql('drop index "users_created_at_index"');
    this.addSql(
      `create index "users_last_login_at_id_index" on "users" (coalesce("last_login_at", '-infinity'), "id")`,
    );
  }

  override down(): void {
    this.addSql('drop index if exists "users_search_index"');
    this.addSql('drop index "users_last_login_at_id_index"');
    this.addSql('create index "users_created_at_index" on "users" ("created_at")');
    this.addSql('drop index "users_created_at_id_index"');
  }
}
