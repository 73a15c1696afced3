import type { Parameters } from '../database/keyset.js';
import { encodeCursor } from '../database/keyset.js';
import type { Sql } from '../database/sql.js';
import { isUuid } from '../database/uuid.js';
import type { SecurityEventType } from './event-types.js';

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
  readonly details: Record<string, unknown>;
}

/** Select list for statements with `from security_events e`. */
export const eventColumns = `
  e.id, e.sequence, e.type, e.occurred_at as "occurredAt", e.actor_id as "actorId", e.subject_id as "subjectId",
  e.session_id as "sessionId", e.ip_address as "ipAddress", e.user_agent as "userAgent", e.details`;

export const eventById = (sql: Sql, id: string): Promise<SecurityEventRow | undefined> =>
  sql.row<SecurityEventRow>(`select ${eventColumns} from security_events e where e.id = $1`, [id]);

/** The event's cursor, which `after` takes in lists and subscriptions. */
export const cursorOf = (event: Pick<SecurityEventRow, 'sequence' | 'id'>): string =>
  encodeCursor({ value: event.sequence, id: event.id });

export interface EventFilter {
  readonly types?: readonly SecurityEventType[] | null | undefined;
  readonly subjectId?: string | null | undefined;
  readonly actorId?: string | null | undefined;
  readonly ipAddress?: string | null | undefined;
  readonly since?: Date | null | undefined;
  readonly until?: Date | null | undefined;
}

/**
 * @returns SQL conditions on `security_events e`, which are to be combined with "and"; a malformed id matches nothing
 */
export function eventConditions(filter: EventFilter | null | undefined, parameters: Parameters): string[] {
  const found = ['e.sequence is not null'];
  if (filter?.types) found.push(`e.type = any(${parameters.add(filter.types)})`);
  const ids = { subject_id: filter?.subjectId, actor_id: filter?.actorId };
  for (const [column, id] of Object.entries(ids))
    if (id != null) found.push(isUuid(id) ? `e.${column} = ${parameters.add(id)}` : 'false');
  if (filter?.ipAddress != null) found.push(`e.ip_address = ${parameters.add(filter.ipAddress)}`);
  if (filter?.since) found.push(`e.occurred_at >= ${parameters.add(filter.since)}`);
  if (filter?.until) found.push(`e.occurred_at < ${parameters.add(filter.until)}`);
  return found;
}
