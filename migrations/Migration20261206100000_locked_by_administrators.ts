import { Migration } from '@mikro-orm/migrations';

/** Administrators lock accounts until an instant. */
export class Migration20261206100000_locked_by_administrators extends Migration {
  override up(): void {
    this.addSql('alter table "users" add column "locked_by_admin_until" timestamptz null');
    this.addSql(
      'create index "users_locked" on "users" ("locked_by_admin_until") where "locked_by_admin_until" is not null',
    );
  }

  override down(): void {
    this.addSql('drop index "users_locked"');
    this.addSql('alter table "users" drop column "locked_by_admin_until"');
  }
}
