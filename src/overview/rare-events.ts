import type { Sql } from '../database/sql.js';
import { SecurityEventType } from '../security-events/event-types.js';
import { type Finding, mostOfKind, UnusualActivityKind } from './findings.js';

/** Whose events make one finding. */
type Grouping = 'subject_id' | 'actor_id' | 'none';

/** Events that are unusual whenever they happen. */
interface Rare {
  readonly kind: UnusualActivityKind;
  readonly types: readonly SecurityEventType[];
  readonly by: Grouping;
  /** SQL condition on `security_events e` that an index has: only what meets it is read. Default: all. */
  readonly only?: string;
  /** Selects ids of people: only what each of them did is read. Default: whoever did it. */
  readonly of?: string;
}

const types = SecurityEventType;
const kinds = UnusualActivityKind;

const rare: readonly Rare[] = [
  { kind: kinds.SIGNING_KEY_REVOKED, types: [types.SIGNING_KEY_REVOKED], by: 'none' },
  {
    kind: kinds.ADMINISTRATOR_MADE,
    types: [types.USER_UPDATED, types.USER_CREATED],
    by: 'subject_id',
    // Others could be so many, even on purpose, that this one is not among the newest.
    only: `e.details @> '{"isAdmin": true}'`,
  },
  { kind: kinds.REFRESH_TOKEN_REUSED, types: [types.REFRESH_TOKEN_REUSED], by: 'subject_id' },
  { kind: kinds.ACCOUNT_TAKEN_BACK, types: [types.EMAIL_CHANGE_UNDONE, types.REGISTRATION_DISOWNED], by: 'subject_id' },
  { kind: kinds.USERS_EXPORTED, types: [types.USERS_EXPORTED], by: 'none' },
  { kind: kinds.DATABASE_RESTORED, types: [types.DATABASE_RESTORED], by: 'none' },
  {
    kind: kinds.ADMINISTRATORS_API_TOKEN,
    types: [types.API_TOKEN_CREATED],
    by: 'actor_id',
    // One after the other: tokens of others could be so many that theirs are not among the newest.
    only: `e.type = '${types.API_TOKEN_CREATED}'`,
    of: 'select u.id from users u where u.is_admin',
  },
];

/** Events of one type, or of one type and person, that are read, the newest. */
const mostRead = 10_000;

interface Row {
  readonly who: string | null;
  readonly count: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly lastEventId: string;
  readonly read: number;
}

const statementOf = ({ by, only = 'true', of }: Rare): string => `
  with newest as materialized (
    select e.* from unnest($1::text[]) asked(type) ${of ? `cross join (${of}) person(id)` : ''} cross join lateral (
      select e.id, e.sequence, e.type, e.occurred_at, e.actor_id, e.subject_id, e.details from security_events e
      where e.type = asked.type and e.sequence between $2::bigint and $3::bigint and e.occurred_at >= $4 and ${only}
        ${of ? 'and e.actor_id = person.id' : ''}
      order by e.sequence desc limit ${mostRead}
    ) e
  )
  select ${by === 'none' ? 'null::uuid' : `e.${by}`} as who, count(*)::int as count, min(e.occurred_at) as "firstAt",
    max(e.occurred_at) as "lastAt", (array_agg(e.id order by e.sequence desc))[1] as "lastEventId",
    (select count(*)::int from newest) as read
  from newest e group by 1 order by max(e.sequence) desc limit ${mostOfKind}`;

const statements = rare.map((one) => ({ ...one, text: statementOf(one) }));

/** Where the events of a span lie: numbers, both inclusive. */
export interface Span {
  readonly since: Date;
  readonly from: string;
  readonly to: string;
}

/** @returns what happened in a span of those events that are always unusual */
export async function rareEvents(sql: Sql, { since, from, to }: Span): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const { kind, types: asked, by, text } of statements)
    for (const { who, read, ...row } of await sql.rows<Row>(text, [asked, from, to, since])) {
      const criteria = {
        types: asked,
        subjectId: by === 'subject_id' ? who : null,
        actorId: by === 'actor_id' ? who : null,
        ipAddress: null,
        since,
      };
      found.push({ kind, ...row, isLowerBound: read >= mostRead, criteria });
    }
  return found;
}
