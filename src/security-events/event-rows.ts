import { childPages, type PageKey } from '../database/child-pages.js';
import { childCounts, type ListKey } from '../database/child-rows.js';
import type { Parameters } from '../database/keyset.js';
import { encodeCursor } from '../database/keyset.js';
import type { Placed } from '../database/pages.js';
import type { Planning, Sql } from '../database/sql.js';
import { isUuid } from '../database/uuid.js';
import type { SecurityEventType } from './event-types.js';
import { asQuery, soughtWords } from './event-words.js';

/** A published event, that is, one with a sequence number. */
export interface SecurityEventRow {
  readonly id: string;
  readonly sequence: string;
  readonly type: SecurityEventType;
  readonly occurredAt: Date;
  readonly actorId: string | null;
  readonly subjectId: string | null;
  readonly sessionId: string | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
  readonly details: Record<string, unknown>;
}

/** Select list for statements with `from security_events e`. */
export const eventColumns = `
  e.id, e.sequence, e.type, e.occurred_at as "occurredAt", e.actor_id as "actorId", e.subject_id as "subjectId",
  e.session_id as "sessionId", e.ip_address as "ipAddress", e.user_agent as "userAgent",
  e.request_id as "requestId", e.details`;

/** An event that may be shown to its subject; see subjects-view.ts. */
export interface SubjectsEventRow extends SecurityEventRow {
  /** Whether the session belongs to the subject; false as well when it is no longer kept. */
  readonly isSubjectsSession: boolean;
}

/** Select list of a `SubjectsEventRow`, for statements with `from security_events e`. */
export const subjectsColumns = `${eventColumns},
  exists (select from sessions s where s.id = e.session_id and s.user_id = e.subject_id) as "isSubjectsSession"`;

export const eventById = (sql: Sql, id: string): Promise<SubjectsEventRow | undefined> =>
  sql.row<SubjectsEventRow>(`select ${subjectsColumns} from security_events e where e.id = $1`, [id]);

export const eventBySequence = (sql: Sql, sequence: string): Promise<SecurityEventRow | undefined> =>
  sql.row<SecurityEventRow>(`select ${eventColumns} from security_events e where e.sequence = $1`, [sequence]);

const ofSubject = 'from security_events e where e.subject_id = parent.id';

/** @returns pages of the published events that happened to a user, the oldest first; cursors are those of `cursorOf` */
export const subjectsEventPages = (
  sql: Sql,
  wanted: readonly PageKey[],
): Promise<(Placed<SubjectsEventRow>[] | Error)[]> =>
  childPages(sql, wanted, () => ({
    columns: subjectsColumns,
    source: ofSubject,
    order: { expression: 'e.sequence', type: 'bigint', id: 'e.id', direction: 'asc' },
  }));

/** @returns the number of published events of each user */
export const subjectsEventCounts = (sql: Sql, wanted: readonly ListKey[]): Promise<(number | Error)[]> =>
  childCounts(sql, wanted, () => ofSubject);

/** The event's cursor, which `after` takes in lists and subscriptions. */
export const cursorOf = (event: Pick<SecurityEventRow, 'sequence' | 'id'>): string =>
  encodeCursor({ value: event.sequence, id: event.id });

export interface EventFilter {
  readonly types?: readonly SecurityEventType[] | null | undefined;
  readonly subjectId?: string | null | undefined;
  readonly actorId?: string | null | undefined;
  /** Actor or subject. */
  readonly personId?: string | null | undefined;
  readonly sessionId?: string | null | undefined;
  readonly requestId?: string | null | undefined;
  readonly ipAddress?: string | null | undefined;
  /** Words that are in the details; see `hasWords`. */
  readonly text?: string | null | undefined;
  readonly since?: Date | null | undefined;
  readonly until?: Date | null | undefined;
  /** Id of a user: only events that may have changed what this user may do; see `changesRights`. */
  readonly rightsOf?: string | null | undefined;
}

/** Events after which a user may do other things: those that happened to the user, and those of roles. */
export const changesRights = {
  ofSubject: ['ROLE_GRANTED', 'ROLE_REVOKED', 'ROLE_EXPIRED', 'USER_UPDATED'],
  ofRoles: ['ROLE_UPDATED', 'ROLE_DELETED'],
} as const satisfies Readonly<Record<string, readonly (keyof typeof SecurityEventType)[]>>;

/**
 * @returns SQL conditions on `security_events e`, which are to be combined with "and"; a malformed id matches nothing
 * @throws BAD_USER_INPUT for a text that `soughtWords` refuses
 */
export function eventConditions(filter: EventFilter | null | undefined, parameters: Parameters): string[] {
  const found = ['true'];
  if (filter?.types) found.push(`e.type = any(${parameters.add(filter.types)})`);
  const ids = { subject_id: filter?.subjectId, actor_id: filter?.actorId, session_id: filter?.sessionId };
  for (const [column, id] of Object.entries(ids))
    if (id != null) found.push(isUuid(id) ? `e.${column} = ${parameters.add(id)}` : 'false');
  if (filter?.personId != null) found.push(ofPerson(filter.personId, parameters));
  if (filter?.requestId != null) found.push(`e.request_id = ${parameters.add(filter.requestId)}`);
  if (filter?.ipAddress != null) found.push(`e.ip_address = ${parameters.add(filter.ipAddress)}`);
  if (filter?.text != null) found.push(`e.words @@ ${parameters.add(asQuery(soughtWords(filter.text)))}::tsquery`);
  if (filter?.since) found.push(`e.occurred_at >= ${parameters.add(filter.since)}`);
  if (filter?.until) found.push(`e.occurred_at < ${parameters.add(filter.until)}`);
  if (filter?.rightsOf != null) found.push(rightsCondition(filter.rightsOf, parameters));
  return found;
}

function rightsCondition(userId: string, parameters: Parameters): string {
  const ofRoles = `e.type = any(${parameters.add(changesRights.ofRoles)})`;
  if (!isUuid(userId)) return ofRoles;
  const ofSubject = `e.subject_id = ${parameters.add(userId)} and e.type = any(${parameters.add(changesRights.ofSubject)})`;
  return `(${ofRoles} or ${ofSubject})`;
}

function ofPerson(id: string, parameters: Parameters): string {
  if (!isUuid(id)) return 'false';
  const person = parameters.add(id);
  return `(e.subject_id = ${person}::uuid or e.actor_id = ${person}::uuid)`;
}

/** Of two conditions the rarer one has the better index, which depends on the values. A person is two conditions. */
export const planningOf = (filter: EventFilter | null | undefined): Planning =>
  filter?.personId != null || Object.values(filter ?? {}).filter((value) => value != null).length > 1
    ? 'fresh'
    : 'kept';
