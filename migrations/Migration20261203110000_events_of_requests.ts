import { Migration } from '@mikro-orm/migrations';

/** Finds the events of one request. Few have the same, and nobody sorts by it. */
export class Migration20261203110000_events_of_requests extends Migration {
  override up(): void {
    this.addSql(
      `create index "security_events_by_request_id" on "security_events" using hash ("request_id") where "request_id" is not null`,
    );
  }

  override down(): void {
    this.addSql('drop index "security_events_by_request_id"');
  }
}
