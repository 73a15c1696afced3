import { largestSize, Parameters } from '../database/keyset.js';
import type { Transaction } from '../database/transaction.js';
import type { Operation } from '../operation.js';
import type { SecurityEventType } from '../security-events/event-types.js';
import { record, recordingEach } from '../security-events/record.js';
import { Session, type SessionEnd } from './session.entity.js';

const events: Partial<Record<SessionEnd, keyof typeof SecurityEventType>> = {
  LOGOUT: 'LOGOUT',
  EXPIRED: 'SESSION_EXPIRED',
  REFRESH_TOKEN_REUSED: 'REFRESH_TOKEN_REUSED',
};

const eventOf = (reason: SessionEnd) => ({ type: events[reason] ?? 'SESSION_REVOKED', details: { reason } }) as const;

/**
 * Ends a session and records the event. An ended session is not changed.
 * @returns whether this call ended it
 */
export async function endSession(
  tx: Transaction,
  operation: Operation,
  session: Session,
  reason: SessionEnd,
): Promise<boolean> {
  const endedAt = operation.services.clock.now();
  const changed = await tx.em.nativeUpdate(Session, { id: session.id, endedAt: null }, { endedAt, endReason: reason });
  if (changed === 0) return false;
  Object.assign(session, { endedAt, endReason: reason });
  record(tx, operation, { ...eventOf(reason), subjectId: session.userId, sessionId: session.id });
  return true;
}

/** Sessions that one call ended. */
export interface EndedSessions {
  readonly count: number;
  /** Ids of the hundred most recently used, the latest first. */
  readonly ids: readonly string[];
}

/**
 * Ends every session of a user except one, and records an event for each. Their refresh tokens are refused and their
 * sockets closed. Takes one statement; the caller must invoke `principals.forgetUser` after the commit.
 * @param except id of the session to keep; null: none
 * @returns the sessions that this call ended
 */
export function endSessions(
  tx: Transaction,
  operation: Operation,
  userId: string,
  reason: SessionEnd,
  except: string | null = null,
): Promise<EndedSessions> {
  const parameters = new Parameters();
  // Locked in the order of their ids, so that two transactions that end the same sessions cannot deadlock.
  const due = `select id from sessions where user_id = ${parameters.add(userId)}::uuid and ended_at is null
      and id is distinct from ${parameters.add(except)}::uuid order by id for no key update`;
  return endDue(tx, operation, { due, reason, parameters });
}

/** @param ids of expired sessions that the transaction has locked @returns how many it ended */
export async function endExpired(tx: Transaction, operation: Operation, ids: readonly string[]): Promise<number> {
  const parameters = new Parameters();
  const due = `select id from sessions where id = any(${parameters.add(ids)}::uuid[]) and ended_at is null`;
  return (await endDue(tx, operation, { due, reason: 'EXPIRED', parameters })).count;
}

interface Ending {
  /** Statement that selects and locks the ids of sessions that have not ended. */
  readonly due: string;
  readonly reason: SessionEnd;
  readonly parameters: Parameters;
}

async function endDue(
  tx: Transaction,
  operation: Operation,
  { due, reason, parameters }: Ending,
): Promise<EndedSessions> {
  const endedAt = parameters.add(operation.services.clock.now());
  const text = `with due as (${due}), ended as (
      update sessions s set ended_at = ${endedAt}::timestamptz, end_reason = ${parameters.add(reason)}::text
      from due where s.id = due.id returning s.id as session_id, s.user_id as subject_id, s.last_used_at
    ), told as (${recordingEach(operation, eventOf(reason), 'ended', parameters)})
    select session_id as id, count(*) over ()::int as count from ended
    order by last_used_at desc, session_id limit ${largestSize}`;
  const rows = await tx.rows<{ id: string; count: number }>(text, parameters.values);
  return { count: rows[0]?.count ?? 0, ids: rows.map(({ id }) => id) };
}
