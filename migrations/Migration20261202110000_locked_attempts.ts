import { Migration } from '@mikro-orm/migrations';

/** The locks that are in force are counted without reading every attempt. */
export class Migration20261202110000_locked_attempts extends Migration {
  override up(): void {
    this.addSql(
      'create index "attempts_locked" on "attempts" ("locked_until") where "locked_until" is not null and "user_id" is not null',
    );
  }

  override down(): void {
    this.addSql('drop index "attempts_locked"');
  }
}
