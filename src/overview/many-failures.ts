import { hours } from '../clock.js';
import type { Sql } from '../database/sql.js';
import { sequenceRange } from '../security-events/event-range.js';
import { failureTypes } from '../security-events/statistics/count-published.js';
import { mostUncounted } from '../security-events/statistics/event-statistics.js';
import { occurrences } from '../security-events/statistics/occurrences.js';
import { type Finding, mostOfKind, UnusualActivityKind } from './findings.js';

/** Failures from one address within an hour that are many. */
const manyFailures = 20;
/** What the index `failure_counts_many` has: an hour has rows of two months at most, so one of both has half. */
const halfOfMany = 10;

interface Row {
  readonly address: string;
  readonly count: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly lastEventId: string;
  readonly isLowerBound: boolean;
}

/** Failures that are counted one by one: those of the hour that is not counted as a whole, and those that no run of the job has counted. */
const singly = (where: string): string => `
  select e.ip_address as address, date_trunc('hour', e.occurred_at, 'UTC') as hour, ${occurrences} as count,
    e.occurred_at as first, e.occurred_at as last, e.sequence
  from security_events e where e.type = any($1) and e.ip_address is not null and ${where} limit ${mostUncounted}`;

/**
 * An address is certain when a single row has many failures. For the others, the rows of each hour are added up.
 *
 * Parameters: types; the instant since when; the first whole hour behind it; the numbers of the events between both. One
 * snapshot: what a run of the job adds to the counts is not counted again.
 */
const failures = `
  with held as materialized (select n.counted_from, n.counted_to from event_counting n),
  single as materialized (
    (${singly('e.sequence between $4::bigint and $5::bigint and e.occurred_at >= $2 and e.occurred_at < $3')})
    union all
    (${singly('e.sequence > (select counted_to from held) and e.occurred_at >= $3')})
  ), certain as materialized (
    select distinct c.ip_address as address from failure_counts c where c.hour >= $3 and c.occurrences >= ${manyFailures}
  ), hours as (
    select c.ip_address as address, c.hour from failure_counts c
    where c.hour >= $3 and c.occurrences >= ${halfOfMany} and c.ip_address not in (select * from certain)
    union select s.address, s.hour from single s where s.address not in (select * from certain)
  ), addresses as materialized (
    select * from certain
    union
    select f.address from (
      select s.address, s.hour, s.count::float8 from single s
      union all
      select c.ip_address, c.hour, c.occurrences from hours h
      join failure_counts c on c.ip_address = h.address and c.hour = h.hour where c.hour >= $3
    ) f group by f.address, f.hour having sum(f.count) >= ${manyFailures}
  ), many as (
    select f.address, sum(f.count::float8) as count, min(f.first) as "firstAt", max(f.last) as "lastAt", max(f.sequence) as sequence
    from (
      select s.address, s.count, s.first, s.last, s.sequence from single s where s.address in (select * from addresses)
      union all
      select c.ip_address, c.occurrences, c.first_at, c.last_at, c.last_sequence
      from failure_counts c where c.hour >= $3 and c.ip_address in (select * from addresses)
    ) f group by f.address order by 2 desc limit ${mostOfKind}
  )
  select m.address, m.count, m."firstAt", m."lastAt",
    (select e.id from security_events e where e.sequence = m.sequence limit 1) as "lastEventId",
    (select count(*) >= ${mostUncounted} from single)
      or exists (select from security_events e, held where e.sequence = held.counted_from and e.published_at > $2) as "isLowerBound"
  from many m order by m.count desc`;

/** @returns the addresses with many failures within an hour, those with most first */
export async function failuresByAddress(sql: Sql, since: Date): Promise<Finding[]> {
  const wholeHour = new Date(Math.ceil(since.getTime() / hours(1)) * hours(1));
  const part = await sequenceRange(sql, { since, until: wholeHour });
  const { from, to } = part === 'empty' ? { from: '1', to: '0' } : part;
  const found = await sql.rows<Row>(failures, [failureTypes, since, wholeHour, from, to], 'fresh');
  return found.map(({ address, ...row }) => ({
    kind: UnusualActivityKind.MANY_FAILURES_FROM_ADDRESS,
    ...row,
    criteria: { types: failureTypes, subjectId: null, actorId: null, ipAddress: address, since },
  }));
}
