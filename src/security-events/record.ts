import type { Parameters } from '../database/keyset.js';
import type { SqlValue } from '../database/sql-values.js';
import type { Transaction } from '../database/transaction.js';
import type { Operation } from '../operation.js';
import { SecurityEventType } from './event-types.js';

export interface Happening {
  readonly type: keyof typeof SecurityEventType;
  /** The user it happened to. */
  readonly subjectId?: string | undefined;
  /** The user who did it, if not the caller. */
  readonly actorId?: string | undefined;
  readonly sessionId?: string | undefined;
  /** Must be small and contain no secrets; administrators can read it. */
  readonly details?: Record<string, unknown>;
}

/**
 * Records a security event in the transaction of the change that it reports, so that neither exists without the other.
 * @example
 * record(tx, operation, { type: 'USER_DEACTIVATED', subjectId: user.id });
 */
export function record(tx: Transaction, operation: Operation, happening: Happening): void {
  const row = eventRow(operation, happening);
  const others = gathered.get(tx);
  if (others) return void others.push(row);
  const rows = [row];
  gathered.set(tx, rows);
  tx.beforeCommit(() => insertEvents(tx, rows));
}

/** Events of transactions that still run; one statement writes all of a transaction. */
const gathered = new WeakMap<Transaction, EventRow[]>();

/** An event that is not yet written. */
export type EventRow = ReturnType<typeof eventRow>;

export function eventRow(operation: Operation, happening: Happening) {
  const { subjectId = null, sessionId = operation.caller?.sessionId ?? null } = happening;
  return { ...circumstances(operation, happening), subjectId, sessionId };
}

const insert = `
  insert into security_event_outbox
    (id, type, occurred_at, actor_id, subject_id, session_id, ip_address, user_agent, request_id, details)
  select gen_random_uuid(), "type", "occurredAt", "actorId", "subjectId", "sessionId", "ipAddress", "userAgent",
    "requestId", "details"
  from jsonb_to_recordset($1::jsonb) as event ("type" text, "occurredAt" timestamptz, "actorId" uuid, "subjectId" uuid,
    "sessionId" uuid, "ipAddress" text, "userAgent" text, "requestId" text, "details" jsonb)`;

/** Writes events in one statement. */
export async function insertEvents(to: Pick<Transaction, 'rows'>, events: readonly EventRow[]): Promise<void> {
  await to.rows(insert, [JSON.stringify(events)]);
}

/**
 * Makes an insert statement for many events of the same type, to be part of the statement that makes the change.
 * @param source SQL source with one row per event and the columns `subject_id` and `session_id`
 */
export function recordingEach(
  operation: Operation,
  happening: Omit<Happening, 'subjectId' | 'sessionId'>,
  source: string,
  parameters: Parameters,
): string {
  const { type, occurredAt, actorId, ipAddress, userAgent, requestId, details } = circumstances(operation, happening);
  const add = (value: SqlValue, kind: string) => `${parameters.add(value)}::${kind}`;
  return `insert into security_event_outbox
      (id, subject_id, session_id, type, occurred_at, actor_id, ip_address, user_agent, request_id, details)
    select gen_random_uuid(), subject_id, session_id, ${add(type, 'text')}, ${add(occurredAt, 'timestamptz')},
      ${add(actorId, 'uuid')}, ${add(ipAddress, 'text')}, ${add(userAgent, 'text')}, ${add(requestId, 'text')},
      ${add(JSON.stringify(details), 'jsonb')}
    from ${source}`;
}

const circumstances = ({ client, caller, services, by }: Operation, { type, actorId, details }: Happening) => ({
  type: SecurityEventType[type],
  occurredAt: services.clock.now(),
  actorId: actorId ?? caller?.userId ?? null,
  ipAddress: client.address,
  userAgent: client.userAgent,
  requestId: client.requestId,
  // Identifies everything that was done with a stolen API token.
  details: { ...(by && { by }), ...details, ...(caller?.apiToken && { apiTokenId: caller.apiToken.id }) } as Record<
    string,
    unknown
  >,
});
