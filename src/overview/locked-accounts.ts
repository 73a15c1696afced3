import type { Sql } from '../database/sql.js';
import { SecurityEventType } from '../security-events/event-types.js';
import { type Finding, UnusualActivityKind } from './findings.js';
import type { Span } from './rare-events.js';

/** Accounts that are many when they are locked within the span. */
const manyLocked = 5;
/** Events that are read, the newest. */
const mostRead = 50_000;

const types = [SecurityEventType.ACCOUNT_LOCKED];

interface Row {
  readonly count: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly lastEventId: string;
  readonly read: number;
}

/** An administrator's lock has no factor. */
const locks = `
  with newest as materialized (
    select e.id, e.sequence, e.occurred_at, e.subject_id from security_events e
    where e.type = '${SecurityEventType.ACCOUNT_LOCKED}' and e.sequence between $1::bigint and $2::bigint and e.occurred_at >= $3
      and e.details->'factor' is not null
    order by e.sequence desc limit ${mostRead}
  )
  select count(distinct e.subject_id)::int as count, min(e.occurred_at) as "firstAt", max(e.occurred_at) as "lastAt",
    (select last.id from newest last order by last.sequence desc limit 1) as "lastEventId", count(*)::int as read
  from newest e having count(distinct e.subject_id) >= ${manyLocked}`;

/** @returns one finding when many accounts were locked */
export async function lockedAccounts(sql: Sql, { since, from, to }: Span): Promise<Finding[]> {
  const found = await sql.rows<Row>(locks, [from, to, since]);
  return found.map(({ read, ...row }) => ({
    kind: UnusualActivityKind.MANY_ACCOUNTS_LOCKED,
    ...row,
    isLowerBound: read >= mostRead,
    criteria: { types, subjectId: null, actorId: null, ipAddress: null, since },
  }));
}
