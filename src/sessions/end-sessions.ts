import type { EntityManager } from '@mikro-orm/postgresql';
import { largestSize, Parameters } from '../database/keyset.js';
import { rowsWithin } from '../database/rows-within.js';
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

/** Ends a session for good and says so. Once ended it stays as it ended. @returns whether this call ended it */
export async function endSession(
  em: EntityManager,
  operation: Operation,
  session: Session,
  reason: SessionEnd,
): Promise<boolean> {
  const endedAt = operation.services.clock.now();
  const changed = await em.nativeUpdate(Session, { id: session.id, endedAt: null }, { endedAt, endReason: reason });
  if (changed === 0) return false;
  Object.assign(session, { endedAt, endReason: reason });
  record(em, operation, { ...eventOf(reason), subjectId: session.userId, sessionId: session.id });
  return true;
}

/** What ended of many sessions. */
export interface EndedSessions {
  readonly count: number;
  /** Of the hundred that were used last, the latest first. */
  readonly ids: readonly string[];
}

/**
 * Ends every session of a user but one, with the refresh tokens and sockets that belong to them, and each with its event.
 * One statement, however many there are; forget the user in `principals` after it.
 * @returns those that this call ended
 */
export function endSessions(
  em: EntityManager,
  operation: Operation,
  userId: string,
  reason: SessionEnd,
  except: string | null = null,
): Promise<EndedSessions> {
  const parameters = new Parameters();
  // In the order of their ids, so that two who end the same sessions wait for each other and do not deadlock.
  const due = `select id from sessions where user_id = ${parameters.add(userId)}::uuid and ended_at is null
      and id is distinct from ${parameters.add(except)}::uuid order by id for no key update`;
  return endDue(em, operation, { due, reason, parameters });
}

/** Ends some of the sessions that have run out, passing over those that are being changed. @returns how many */
export async function endExpired(em: EntityManager, operation: Operation, most: number): Promise<number> {
  const parameters = new Parameters();
  const now = operation.services.clock.now();
  const due = `select id from sessions where ended_at is null and expires_at <= ${parameters.add(now)}::timestamptz
    order by expires_at limit ${parameters.add(most)} for no key update skip locked`;
  return (await endDue(em, operation, { due, reason: 'EXPIRED', parameters })).count;
}

interface Ending {
  /** Selects and locks the ids of sessions that have not ended. */
  readonly due: string;
  readonly reason: SessionEnd;
  readonly parameters: Parameters;
}

async function endDue(
  em: EntityManager,
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
  const rows = await rowsWithin<{ id: string; count: number }>(em, text, parameters.values);
  return { count: rows[0]?.count ?? 0, ids: rows.map(({ id }) => id) };
}
