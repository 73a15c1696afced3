import { Migration } from '@mikro-orm/migrations';

/** Finds the few events that tell of a new administrator, however many other changes of accounts are around them. */
export class Migration20261204100000_administrators_made extends Migration {
  override up(): void {
    this.addSql(
      `create index "security_events_administrators_made" on "security_events" ("sequence") where "details" @> '{"isAdmin": true}'`,
    );
  }

  override down(): void {
    this.addSql('drop index "security_events_administrators_made"');
  }
}
