import { randomUUID } from 'node:crypto';
import type { SqlValue } from '../database/sql.js';
import { newDeviceMail } from '../mail/messages.js';
import type { Operation } from '../operation.js';
import { hashToken, randomToken } from '../secrets.js';
import { SecurityEventType } from '../security-events/event-types.js';
import { deviceName } from '../sessions/device-name.js';
import type { Session } from '../sessions/session.entity.js';
import { idleEnd } from '../sessions/sessions.js';
import { deviceOf, deviceTokenFor } from './devices.js';

/** What has let somebody in, checked again in the statement that opens the session. */
export type Proof =
  | { readonly by: 'password' /** The hash that was matched. */; readonly hash: string }
  | { readonly by: 'challenge' /** Of the challenge token, which is used up. */; readonly tokenHash: Buffer };

export interface Entry {
  readonly user: { readonly id: string; readonly username: string; readonly email: string };
  readonly isRemembered: boolean;
  readonly proof: Proof;
  /** Forgiven with the success. */
  readonly attemptKey: string;
  /** Whether the account has been used before, but not from here: then its owner is told. */
  readonly isElsewhere: boolean;
}

/** An open session and what its client is given. */
export interface Entered {
  readonly session: Session;
  readonly refreshToken: string;
  readonly deviceToken: string;
}

/** Selects `isElsewhere` for `users u`; a device is known by its address and browser, or by its token. */
export const isElsewhere = (address: string, userAgent: string): string => `
  exists (select from sessions s where s.user_id = u.id) and not exists (
    select from sessions s where s.user_id = u.id and s.ip_address = ${address} and s.user_agent is not distinct from ${userAgent}
  ) as "isElsewhere"`;

const stillProved = {
  password: 'password_hash = $11::text',
  challenge: 'exists (select from challenge where challenge.user_id = users.id)',
};

/**
 * The whole of a successful sign-in in one statement, which is one transaction: nothing of it happens when the
 * account was deactivated, the password changed or the challenge used while the proof was being verified.
 * Through entities it costs eight round trips and a quarter of the time of the hash.
 */
const signIn = (by: Proof['by'], tells: boolean): string => `
  with ${by === 'challenge' ? 'challenge as (delete from two_factor_challenges where token_hash = $11::bytea returning user_id),' : ''}
  account as (
    update users set last_login_at = $2 where id = $1 and is_active and ${stillProved[by]} returning id
  ), forgiven as (
    delete from attempts where key = $3 and exists (select from account)
  ), session as (
    insert into sessions (id, user_id, ip_address, user_agent, is_remembered, created_at, last_used_at, expires_at)
    select $4::uuid, id, $5, $6, $7::boolean, $2, $2, $8::timestamptz from account returning id, user_id
  ), token as (
    insert into refresh_tokens (token_hash, session_id, created_at) select $9::bytea, id, $2 from session
  ), event as (
    insert into security_events (id, type, occurred_at, actor_id, subject_id, session_id, ip_address, user_agent, details)
    select $10::uuid, '${SecurityEventType.LOGIN_SUCCEEDED}', $2, user_id, user_id, id, $5, $6, '{}' from session
  )${tells ? ', mail as (insert into outgoing_mails (id, sealed_message, created_at, next_attempt_at) select $12::uuid, $13::bytea, $2, $2 from session)' : ''}
  select 1 from session`;

/**
 * Opens a session for a caller who has proved to be this user.
 * @returns undefined when the proof does not stand any more
 */
export async function enter(operation: Operation, entry: Entry): Promise<Entered | undefined> {
  const { services, client } = operation;
  const { user, proof } = entry;
  const session = newSession(operation, entry);
  const refreshToken = randomToken();
  const isKnown = deviceOf(services.secrets, client.deviceToken, user.id) !== undefined;
  const tells = entry.isElsewhere && !isKnown;
  const values: SqlValue[] = [
    user.id,
    session.createdAt,
    entry.attemptKey,
    session.id,
    client.address,
    client.userAgent,
    entry.isRemembered,
    session.expiresAt,
    hashToken(refreshToken),
    randomUUID(),
    proof.by === 'password' ? proof.hash : proof.tokenHash,
    ...(tells ? [randomUUID(), noticeOf(operation, entry, session)] : []),
  ];
  const opened = await services.database.sql.row(signIn(proof.by, tells), values);
  const deviceToken = isKnown && client.deviceToken ? client.deviceToken : deviceTokenFor(services.secrets, user.id);
  return opened ? { session, refreshToken, deviceToken } : undefined;
}

function newSession(operation: Operation, { user, isRemembered }: Entry): Session {
  const { services, client } = operation;
  const now = services.clock.now();
  return {
    id: randomUUID(),
    userId: user.id,
    ipAddress: client.address,
    userAgent: client.userAgent,
    isRemembered,
    createdAt: now,
    lastUsedAt: now,
    expiresAt: idleEnd(operation, isRemembered, now, now),
  };
}

function noticeOf({ services }: Operation, { user }: Entry, session: Session): Buffer {
  const device = deviceName(session.userAgent ?? null);
  const { outbox, publicUrl } = services;
  return outbox.seal(
    newDeviceMail(user.email, user.username, publicUrl(), device, session.ipAddress ?? '', session.createdAt),
  );
}
