import { Migration } from '@mikro-orm/migrations';

/**
 * How far the verification of security events has got, sealed; and verifications in the order in which they were stored,
 * whatever the clock said.
 */
export class Migration20261128110000_event_walks extends Migration {
  override up(): void {
    this.addSql(`create table "event_walks" (
      "name" text not null primary key,
      "state" text not null,
      "seal" text not null
    )`);
    this.addSql('alter table "event_verifications" add column "position" bigint generated always as identity');
    this.addSql('create index "event_verifications_position" on "event_verifications" ("position")');
  }

  override down(): void {
    this.addSql('drop table "event_walks"');
    this.addSql('alter table "event_verifications" drop column "position"');
  }
}
