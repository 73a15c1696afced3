import type { Parameters } from '../database/keyset.js';
import type { SqlValue } from '../database/sql-values.js';
import type { Transaction } from '../database/transaction.js';
import type { Operation } from '../operation.js';
import { SecurityEventType } from './event-types.js';
import { SecurityEvent } from './security-event.entity.js';

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
  const { subjectId = null, sessionId = operation.caller?.sessionId ?? null } = happening;
  tx.em.create(SecurityEvent, { ...circumstances(operation, happening), subjectId, sessionId }, { persist: true });
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
  const { type, occurredAt, actorId, ipAddress, userAgent, details } = circumstances(operation, happening);
  const add = (value: SqlValue, kind: string) => `${parameters.add(value)}::${kind}`;
  return `insert into security_event_outbox
      (id, subject_id, session_id, type, occurred_at, actor_id, ip_address, user_agent, details)
    select gen_random_uuid(), subject_id, session_id, ${add(type, 'text')}, ${add(occurredAt, 'timestamptz')},
      ${add(actorId, 'uuid')}, ${add(ipAddress, 'text')}, ${add(userAgent, 'text')}, ${add(JSON.stringify(details), 'jsonb')}
    from ${source}`;
}

const circumstances = ({ client, caller, services }: Operation, { type, actorId, details }: Happening) => ({
  type: SecurityEventType[type],
  occurredAt: services.clock.now(),
  actorId: actorId ?? caller?.userId ?? null,
  ipAddress: client.address,
  userAgent: client.userAgent,
  // Identifies everything that was done with a stolen API token.
  details: { ...details, ...(caller?.apiToken && { apiTokenId: caller.apiToken.id }) },
});
