import type { EntityManager } from '@mikro-orm/postgresql';
import { after, earlier } from '../clock.js';
import type { Config } from '../config.js';
import type { Operation } from '../operation.js';
import type { SecurityEventType } from '../security-events/event-types.js';
import { record } from '../security-events/record.js';
import { Session, type SessionEnd } from './session.entity.js';

/** What a client holds of a session. */
export interface Credentials {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Life of the access token, in seconds. */
  readonly expiresIn: number;
  readonly session: Session;
}

/** When a session ends unless it is refreshed: some access-token lifetimes from now, never past its absolute lifetime. */
export function idleEnd(operation: Operation, isRemembered: boolean, openedAt: Date, now: Date): Date {
  const { config } = operation.services;
  return earlier(after(now, idleLifetime(config, isRemembered)), after(openedAt, config.lifetimes.session));
}

/** How long a session lives unused, in milliseconds. */
export const idleLifetime = ({ lifetimes }: Config, isRemembered: boolean): number =>
  (isRemembered ? lifetimes.accessRemembered : lifetimes.access) * lifetimes.refreshFactor;

/** In milliseconds. */
const accessLifetime = ({ services }: Operation, isRemembered: boolean): number =>
  isRemembered ? services.config.lifetimes.accessRemembered : services.config.lifetimes.access;

/** Signs an access token for a session; it never outlives the session. */
export async function credentialsFor(
  operation: Operation,
  session: Session,
  refreshToken: string,
): Promise<Credentials> {
  const { accessTokens, clock } = operation.services;
  const left = session.expiresAt.getTime() - clock.now().getTime();
  const expiresIn = Math.floor(Math.min(accessLifetime(operation, session.isRemembered), left) / 1000);
  const accessToken = await accessTokens.sign(session.userId, session.id, expiresIn * 1000);
  return { accessToken, refreshToken, expiresIn, session };
}

const events: Partial<Record<SessionEnd, keyof typeof SecurityEventType>> = {
  LOGOUT: 'LOGOUT',
  EXPIRED: 'SESSION_EXPIRED',
  REFRESH_TOKEN_REUSED: 'REFRESH_TOKEN_REUSED',
};

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
  const type = events[reason] ?? 'SESSION_REVOKED';
  record(em, operation, { type, subjectId: session.userId, sessionId: session.id, details: { reason } });
  return true;
}

/**
 * Ends every session of a user but one, with the refresh tokens and sockets that belong to them.
 * @returns those that this call ended
 */
export async function endSessions(
  em: EntityManager,
  operation: Operation,
  userId: string,
  reason: SessionEnd,
  except: string | null = null,
): Promise<Session[]> {
  const open = await em.find(Session, { userId, endedAt: null }, { orderBy: { createdAt: 'asc' } });
  const ended: Session[] = [];
  for (const session of open)
    if (session.id !== except && (await endSession(em, operation, session, reason))) ended.push(session);
  return ended;
}
