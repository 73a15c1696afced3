import { Migration } from '@mikro-orm/migrations';

/**
 * Counts of published security events by hour and type. Events that are published already are counted by a job, backwards
 * from the newest, because ten million of them would take minutes here.
 */
export class Migration20261202100000_event_counts extends Migration {
  override up(): void {
    this.addSql(`create table "event_counts" (
      "hour" timestamptz not null,
      "type" text not null,
      "month" text not null,
      "events" bigint not null,
      "occurrences" bigint not null,
      primary key ("hour", "type", "month")
    )`);
    this.addSql(`create table "event_counting" (
      "only" boolean primary key default true check ("only"),
      "counted_from" bigint not null,
      "counted_to" bigint not null
    )`);
    this.addSql(`insert into "event_counting" ("counted_from", "counted_to")
      select coalesce(max("sequence"), 0), coalesce(max("sequence"), 0) from "security_events"`);
  }

  override down(): void {
    this.addSql('drop table "event_counts", "event_counting"');
  }
}
