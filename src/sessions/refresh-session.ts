import { seconds } from '../clock.js';
import type { Transaction } from '../database/transaction.js';
import { refuse } from '../errors.js';
import { type Recipient, spokenColumns } from '../mail/recipient.js';
import type { Operation } from '../operation.js';
import { hashToken } from '../secrets.js';
import { deviceName } from '../texts/device-name.js';
import { endSession } from './end-sessions.js';
import { RefreshToken } from './refresh-token.entity.js';
import { rotate } from './rotate.js';
import { Session } from './session.entity.js';
import { type Credentials, credentialsFor } from './sessions.js';

/**
 * In milliseconds. For this long, the previous token is answered again with the same successor, for lost responses and
 * parallel tabs.
 */
const successorWindow = seconds(10);

/**
 * Exchanges a refresh token for its successor (refresh token rotation, RFC 9700, section 4.14.2). A token that is
 * presented again after its exchange counts as stolen and ends the session, except within the successor window.
 * @returns new credentials with the new refresh token
 * @throws Refusal INVALID_TOKEN if the token is unknown or reused, or its session has ended or expired
 * @example
 * const { accessToken, refreshToken, expiresIn } = await refreshSession(operation, oldRefreshToken);
 */
export async function refreshSession(operation: Operation, token: string): Promise<Credentials> {
  const { database, principals } = operation.services;
  const successor = successorOf(operation, token);
  const session =
    (await rotate(operation, token, successor)) ??
    (await database.transaction((tx) => lookCloser(tx, operation, token)));
  if (session?.endedAt) principals.forget(session.id);
  if (!session || session.endedAt) throw refuse('INVALID_TOKEN', 'Sign in again.', 'refreshToken');
  return credentialsFor(operation, session, successor);
}

/**
 * The successor of a token. It is derived with APP_SECRET, so it can be sent again without being stored, and somebody
 * who steals a token cannot compute its successor.
 */
const successorOf = ({ services }: Operation, token: string): string => services.secrets.derive('refresh-token', token);

/**
 * Examines a token that could not be exchanged, and ends its session if the token was reused.
 * @returns the session; undefined if the token or session is unknown, ended or expired
 */
async function lookCloser(tx: Transaction, operation: Operation, token: string): Promise<Session | undefined> {
  const presented = await tx.em.findOne(RefreshToken, { tokenHash: hashToken(token) });
  const owner = presented?.usedAt && (await lockLiving(tx, operation, presented.sessionId));
  if (!owner) return undefined;
  const session = await tx.em.findOneOrFail(Session, presented.sessionId);
  if (!(await mayAnswerAgain(tx, operation, presented))) await endReused(tx, operation, session, owner);
  return session;
}

/**
 * Locks an open session.
 * @returns its user; undefined if it has ended or expired or the user is deactivated
 */
async function lockLiving(tx: Transaction, operation: Operation, id: string): Promise<Recipient | undefined> {
  const now = operation.services.clock.now();
  return tx.row<Recipient>(
    `select u.username, u.email, ${spokenColumns} from sessions s join users u on u.id = s.user_id
     where s.id = $1 and s.ended_at is null and s.expires_at > $2 and u.is_active for update of s`,
    [id, now],
  );
}

/** The thief cannot be told from the owner, so the session ends for both, and the owner is notified. */
async function endReused(tx: Transaction, operation: Operation, session: Session, owner: Recipient): Promise<void> {
  const { outbox, mails, clock } = operation.services;
  await endSession(tx, operation, session, 'REFRESH_TOKEN_REUSED');
  const device = deviceName(session.userAgent ?? null);
  outbox.enqueue(tx, mails.write('refresh-token-reused', owner, { device, time: clock.now() }));
}

async function mayAnswerAgain(
  tx: Transaction,
  operation: Operation,
  { usedAt, successorHash }: RefreshToken,
): Promise<boolean> {
  if (!usedAt || !successorHash) return false;
  const isRecent = operation.services.clock.now().getTime() - usedAt.getTime() <= successorWindow;
  return isRecent && (await tx.em.count(RefreshToken, { tokenHash: successorHash, usedAt: null })) === 1;
}
