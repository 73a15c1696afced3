import { Migration } from '@mikro-orm/migrations';

const failures = `('LOGIN_FAILED', 'TWO_FACTOR_FAILED')`;

const occurrences = `case when jsonb_typeof(e."details" -> 'count') = 'number'
  then (e."details" ->> 'count')::numeric::bigint else 1 end`;

/**
 * Failed sign-ins by hour and address, of the events that are counted by type already; the job counts the others. And an
 * index of the API tokens that somebody made.
 */
export class Migration20261205100000_failure_counts extends Migration {
  override up(): void {
    this.addSql(`create table "failure_counts" (
      "ip_address" text not null,
      "hour" timestamptz not null,
      "month" text not null,
      "occurrences" bigint not null,
      "first_at" timestamptz not null,
      "last_at" timestamptz not null,
      "last_sequence" bigint not null,
      primary key ("ip_address", "hour", "month")
    )`);
    this.addSql(`insert into "failure_counts" ("ip_address", "hour", "month", "occurrences", "first_at", "last_at", "last_sequence")
      select e."ip_address", date_trunc('hour', e."occurred_at", 'UTC'), to_char(e."published_at" at time zone 'UTC', 'YYYY_MM'),
        sum(${occurrences}), min(e."occurred_at"), max(e."occurred_at"), max(e."sequence")
      from "security_events" e, "event_counting" n
      where e."type" in ${failures} and e."ip_address" is not null
        and e."sequence" > n."counted_from" and e."sequence" <= n."counted_to" group by 1, 2, 3`);
    // An hour has rows of two months at most, so one of both has half of what is many.
    this.addSql('create index "failure_counts_many" on "failure_counts" ("hour") where "occurrences" >= 10');
    this.addSql('create index "failure_counts_month" on "failure_counts" ("month")');
    this.addSql(
      `create index "security_events_tokens_created" on "security_events" ("actor_id", "sequence") where "type" = 'API_TOKEN_CREATED'`,
    );
  }

  override down(): void {
    this.addSql('drop index "security_events_tokens_created"');
    this.addSql('drop table "failure_counts"');
  }
}
