import { randomUUID } from 'node:crypto';
import type { Operation } from '../operation.js';
import { hashToken, randomToken } from '../secrets.js';
import { SecurityEventType } from '../security-events/event-types.js';
import type { Session } from '../sessions/session.entity.js';
import { idleEnd } from '../sessions/sessions.js';

/**
 * The whole of a successful sign-in in one statement, which is one transaction: nothing of it happens
 * when the account was deactivated while the password was being verified. Through entities it costs
 * eight round trips and a quarter of the time of the hash.
 */
const signIn = `
  with account as (
    update users set last_login_at = $2, password_hash = coalesce($3, password_hash)
    where id = $1 and is_active returning id
  ), session as (
    insert into sessions (id, user_id, ip_address, user_agent, is_remembered, created_at, last_used_at, expires_at)
    select $4::uuid, id, $5, $6, $7::boolean, $2, $2, $8::timestamptz from account returning id, user_id
  ), token as (
    insert into refresh_tokens (token_hash, session_id, created_at) select $9::bytea, id, $2 from session
  ), event as (
    insert into security_events (id, type, occurred_at, actor_id, subject_id, session_id, ip_address, user_agent, details)
    select $10::uuid, '${SecurityEventType.LOGIN_SUCCEEDED}', $2, user_id, user_id, id, $5, $6, '{}' from session
  )
  select 1 from session`;

/**
 * Opens a session for a caller who has proved to be this user.
 * @param passwordHash replaces the one that is kept
 * @returns the session and its first refresh token, or undefined when the account may not sign in any more
 */
export async function enter(operation: Operation, userId: string, isRemembered: boolean, passwordHash?: string) {
  const { services, client } = operation;
  const now = services.clock.now();
  const session: Session = {
    id: randomUUID(),
    userId,
    ipAddress: client.address,
    userAgent: client.userAgent,
    isRemembered,
    createdAt: now,
    lastUsedAt: now,
    expiresAt: idleEnd(operation, isRemembered, now, now),
  };
  const refreshToken = randomToken();
  const opened = await services.database.sql.row(signIn, [
    userId,
    now,
    passwordHash ?? null,
    session.id,
    client.address,
    client.userAgent,
    isRemembered,
    session.expiresAt,
    hashToken(refreshToken),
    randomUUID(),
  ]);
  return opened ? { session, refreshToken } : undefined;
}
