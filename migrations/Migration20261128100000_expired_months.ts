import { Migration } from '@mikro-orm/migrations';

/** Months of security events that were found expired. They are dropped when they still are an hour later. */
export class Migration20261128100000_expired_months extends Migration {
  override up(): void {
    this.addSql(`create table "expired_event_months" (
      "name" text not null primary key,
      "found_at" timestamptz not null
    )`);
  }

  override down(): void {
    this.addSql('drop table "expired_event_months"');
  }
}
