import { randomUUID } from 'node:crypto';
import type { Recipient } from '../mail/recipient.js';
import type { Operation } from '../operation.js';
import { traceparentOf } from '../operations/traceparent.js';
import { hashToken } from '../secrets.js';
import { firstToken } from '../sessions/refresh-token.js';
import type { Session } from '../sessions/session.entity.js';
import { idleEnd } from '../sessions/sessions.js';
import { deviceName } from '../texts/device-name.js';
import { deviceOf, deviceTokenFor } from './attempts/devices.js';
import type { RunningAttempt } from './attempts/running-attempt.js';
import { TwoFactorMethod } from './second-factor/second-factor-code.js';
import { type Proof, signInStatement } from './sign-in-statement.js';

/** A proved sign-in. */
export interface Entry {
  readonly user: Recipient & { readonly id: string };
  readonly isRemembered: boolean;
  readonly proof: Proof;
  /** The attempt that proved the identity; the session is opened and its count reset in one statement. */
  readonly attempt: RunningAttempt;
  /** Whether the account has signed in before, but not from this address and browser; then its owner is notified. */
  readonly isElsewhere: boolean;
}

/** An open session and what its client receives. */
export interface Entered {
  readonly session: Session;
  readonly refreshToken: string;
  readonly deviceToken: string;
}

/** Selects `isElsewhere` for `users u`, by the address and user agent of earlier sessions. */
export const isElsewhere = (address: string, userAgent: string): string => `
  u.last_login_at is not null and not exists (
    select from sessions s where s.user_id = u.id and s.ip_address = ${address} and s.user_agent is not distinct from ${userAgent}
  ) as "isElsewhere"`;

/**
 * Opens a session for a user who has proved their identity. If the account has too many sessions, the least recently
 * used ones end.
 * @returns undefined if the proof is no longer valid, for example because the password was changed meanwhile
 */
export async function enter(operation: Operation, entry: Entry): Promise<Entered | undefined> {
  const { services, client } = operation;
  const session = newSession(operation, entry);
  const refreshToken = firstToken(services.secrets, session.id);
  const device = deviceOf(services.secrets, client.deviceToken, entry.user.id);
  const mails = [
    ...(entry.isElsewhere && !device ? [newDeviceNotice(operation, entry, session)] : []),
    ...codeNotice(operation, entry),
  ];
  const { text, values } = signInStatement({
    session,
    refreshTokenHash: hashToken(refreshToken),
    proof: entry.proof,
    attemptKey: entry.attempt.counter.key,
    mostSessions: services.config.sessionsPerAccount,
    requestId: client.requestId,
    mails,
    traceParent: operation.work?.place ? traceparentOf(operation.work.place) : null,
  });
  const opened = await services.database.sql.row<{ surplus: string[] }>(text, values);
  if (!opened) return undefined;
  services.database.noteCommit();
  if (mails.length > 0) services.queue.wake();
  entry.attempt.forgivenBySignIn();
  for (const id of opened.surplus) services.principals.forget(id);
  return { session, refreshToken, deviceToken: earnedToken(operation, entry, device) };
}

/** Creates the device token of the result. A known device keeps its id and what it has proved before. */
function earnedToken({ services, client }: Operation, { user, proof }: Entry, device: string | undefined): string {
  if (proof.by === 'challenge') return deviceTokenFor(services.secrets, user.id, proof.authenticator, device);
  return device && client.deviceToken ? client.deviceToken : deviceTokenFor(services.secrets, user.id);
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

function newDeviceNotice({ services }: Operation, { user }: Entry, session: Session): Buffer {
  const device = deviceName(session.userAgent ?? null);
  const { outbox, mails } = services;
  const { ipAddress, createdAt: time } = session;
  return outbox.seal(mails.write('new-device', user, { device, address: ipAddress ?? '', time }));
}

function codeNotice({ services }: Operation, { user, proof }: Entry): Buffer[] {
  if (proof.by !== 'challenge' || proof.code.method !== TwoFactorMethod.RECOVERY_CODE) return [];
  const { outbox, mails } = services;
  return [outbox.seal(mails.write('recovery-code-used', user, { left: proof.code.unused - 1 }))];
}
