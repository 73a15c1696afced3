import type { Transaction } from '../database/transaction.js';
import { refuse } from '../errors.js';
import type { Operation } from '../operation.js';
import { hashToken } from '../secrets.js';
import type { Exchange } from './exchange.js';
import { exchangeStored } from './exchange-stored.js';
import { type ReadToken, readToken, successorOf } from './refresh-token.js';
import { endReused, isRecent, lockLiving } from './reuse.js';
import { rotate } from './rotate.js';
import { Session } from './session.entity.js';
import { type Credentials, credentialsFor } from './sessions.js';

/**
 * Exchanges a refresh token for its successor (refresh token rotation, RFC 9700, section 4.14.2). A token that is
 * presented again after its exchange counts as stolen and ends the session, except within the successor window.
 * @returns new credentials with the new refresh token
 * @throws Refusal INVALID_TOKEN if the token is unknown or reused, or its session has ended or expired
 * @example
 * const { accessToken, refreshToken, expiresIn } = await refreshSession(operation, oldRefreshToken);
 */
export async function refreshSession(operation: Operation, token: string): Promise<Credentials> {
  const { principals, secrets } = operation.services;
  const read = readToken(secrets, token);
  const exchange = (read && (await exchangeNamed(operation, token, read))) ?? (await exchangeStored(operation, token));
  if (exchange?.session.endedAt) principals.forget(exchange.session.id);
  if (!exchange || exchange.session.endedAt) throw refuse('INVALID_TOKEN', 'Sign in again.', 'refreshToken');
  return credentialsFor(operation, exchange.session, exchange.successor);
}

/** Exchanges a token that names its session. */
async function exchangeNamed(operation: Operation, token: string, read: ReadToken): Promise<Exchange | undefined> {
  const { database, secrets } = operation.services;
  const { sessionId } = read;
  const generation = read.generation + 1;
  const successor = successorOf(secrets, token, sessionId, generation);
  const session =
    (await rotate(operation, { token, successor, sessionId, generation })) ??
    (await database.transaction((tx) => lookCloser(tx, operation, { ...read, token, successor })));
  return session && { session, successor };
}

interface Presented extends ReadToken {
  readonly token: string;
  readonly successor: string;
}

/** What the row of a session says of a token that is not its current one. */
interface Standing {
  readonly currentHash: Buffer;
  readonly isPrevious: boolean;
  readonly exchangedAt: Date;
}

/**
 * Examines a token that could not be exchanged, and ends its session if the token was reused. A token proves that it was
 * once issued by its hash, if it is the previous one, or by its MAC. Whoever only knows a session's id ends and locks nothing.
 * @returns the session; undefined if the token or session is unknown, ended or expired
 */
async function lookCloser(
  tx: Transaction,
  operation: Operation,
  { sessionId, generation, isGenuine, token, successor }: Presented,
): Promise<Session | undefined> {
  const found = await lockLiving<Standing>(tx, operation, sessionId, {
    columns: `s.token_hash as "currentHash", s.previous_token_hash is not distinct from $3 as "isPrevious",
      s.token_exchanged_at as "exchangedAt"`,
    condition: '(s.previous_token_hash = $3 or ($4::boolean and s.token_generation > $5::int))',
    values: [hashToken(token), isGenuine, generation],
  });
  if (!found) return undefined;
  if (!found.isPrevious || !isRecent(operation, found.exchangedAt)) return endReused(tx, operation, sessionId, found);
  // Another APP_SECRET derives another successor, which would be of no use.
  return found.currentHash.equals(hashToken(successor)) ? tx.em.findOneOrFail(Session, sessionId) : undefined;
}
