import type { Sql } from '../database/sql.js';
import { SecurityEventType } from '../security-events/event-types.js';
import { occurrences } from '../security-events/statistics/occurrences.js';
import { type Finding, mostOfKind, UnusualActivityKind } from './findings.js';
import type { Span } from './rare-events.js';

/** Failures from one address within an hour that are many. */
const manyFailures = 20;
/** Accounts that are many when they are locked within the span. */
const manyLocked = 5;
/** Events of one type that are read, the newest. */
const mostRead = 50_000;

const failureTypes = [SecurityEventType.LOGIN_FAILED, SecurityEventType.TWO_FACTOR_FAILED];
const lockTypes = [SecurityEventType.ACCOUNT_LOCKED];

interface Row {
  readonly address: string | null;
  readonly count: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly lastEventId: string;
  readonly read: number;
}

/** The newest events of some types within a span. */
const newest = `
  newest as materialized (
    select e.* from unnest($1::text[]) asked(type) cross join lateral (
      select e.id, e.sequence, e.type, e.occurred_at, e.ip_address, e.subject_id, e.details from security_events e
      where e.type = asked.type and e.sequence between $2::bigint and $3::bigint and e.occurred_at >= $4
      order by e.sequence desc limit ${mostRead}
    ) e
  )`;

const failures = `
  with ${newest}, hourly as (
    select e.ip_address as address, sum(${occurrences}) as count, min(e.occurred_at) as first, max(e.occurred_at) as last,
      max(e.sequence) as sequence
    from newest e where e.ip_address is not null group by e.ip_address, date_trunc('hour', e.occurred_at)
  ), many as (
    select h.address, sum(h.count)::float8 as count, min(h.first) as "firstAt", max(h.last) as "lastAt", max(h.sequence) as sequence
    from hourly h group by h.address having max(h.count) >= ${manyFailures} order by sum(h.count) desc limit ${mostOfKind}
  )
  select m.address, m.count, m."firstAt", m."lastAt", (select count(*)::int from newest) as read,
    (select e.id from newest e where e.sequence = m.sequence limit 1) as "lastEventId" from many m order by m.count desc`;

const locks = `
  with ${newest}
  select null as address, count(distinct e.subject_id)::int as count, min(e.occurred_at) as "firstAt", max(e.occurred_at) as "lastAt",
    (array_agg(e.id order by e.sequence desc))[1] as "lastEventId", count(*)::int as read
  from newest e having count(distinct e.subject_id) >= ${manyLocked}`;

const found = async (
  sql: Sql,
  { since, from, to }: Span,
  kind: UnusualActivityKind,
  [text, types]: readonly [text: string, types: readonly SecurityEventType[]],
): Promise<Finding[]> =>
  (await sql.rows<Row>(text, [types, from, to, since])).map(({ address, read, ...row }) => ({
    kind,
    ...row,
    isLowerBound: read >= mostRead,
    criteria: { types, subjectId: null, actorId: null, ipAddress: address, since },
  }));

/** @returns the addresses with many failures within an hour, those with most first */
export const failuresByAddress = (sql: Sql, span: Span): Promise<Finding[]> =>
  found(sql, span, UnusualActivityKind.MANY_FAILURES_FROM_ADDRESS, [failures, failureTypes]);

/** @returns one finding when many accounts were locked */
export const lockedAccounts = (sql: Sql, span: Span): Promise<Finding[]> =>
  found(sql, span, UnusualActivityKind.MANY_ACCOUNTS_LOCKED, [locks, lockTypes]);
