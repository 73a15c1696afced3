import type { Transaction } from '../database/transaction.js';
import type { Operation } from '../operation.js';
import { hashToken } from '../secrets.js';
import type { Exchange } from './exchange.js';
import { derivedSecret, successorOf } from './refresh-token.js';
import { endReused, isRecent, lockLiving } from './reuse.js';
import { exchangeOf, isRefreshable, prolonged } from './rotate.js';
import { Session } from './session.entity.js';
import { sessionColumns } from './session-rows.js';

/** Generation of the token that a stored one is exchanged for. */
const generation = 1;

/**
 * Exchanges a token of before tokens named their session: each had a row in `refresh_tokens`. Its successor names its
 * session. The table empties itself: nothing is added to it, and rows are swept when no session can be that old.
 * @returns undefined if the token or session is unknown, ended or expired
 */
export async function exchangeStored(operation: Operation, token: string): Promise<Exchange | undefined> {
  const { database, secrets } = operation.services;
  const stored = 'select session_id as "sessionId" from refresh_tokens where token_hash = $1';
  const row = await database.sql.row<{ sessionId: string }>(stored, [hashToken(token)]);
  if (!row) return undefined;
  const { sessionId } = row;
  const successor = successorOf(secrets, token, sessionId, generation);
  const values = [...exchangeOf(operation, token, successor), generation];
  const session = await database.sql.row<Session>(rotation, values);
  if (session) return { session, successor };
  const successors = [successor, derivedSecret(secrets, token)];
  return database.transaction((tx) => lookCloser(tx, operation, { token, sessionId, successors }));
}

/** The token is marked as used first, so only one of several concurrent calls succeeds. */
const rotation = `
  with presented as (
    update refresh_tokens t set used_at = $2, successor_hash = $3
    where t.token_hash = $1 and t.used_at is null and exists (select from sessions where id = t.session_id and ${isRefreshable})
    returning t.session_id
  )
  update sessions set token_hash = $3, token_generation = $7::int, ${prolonged}
  from presented where id = presented.session_id and ended_at is null
  returning ${sessionColumns}`;

interface Presented {
  readonly token: string;
  readonly sessionId: string;
  /** What it may have been exchanged for: by this version, or by the one before. */
  readonly successors: readonly string[];
}

interface Standing {
  readonly usedAt: Date | null;
  /** Null if the successor has been exchanged itself. */
  readonly currentHash: Buffer | null;
}

/** Examines a token that could not be exchanged, and ends its session if the token was reused. */
async function lookCloser(
  tx: Transaction,
  operation: Operation,
  { token, sessionId, successors }: Presented,
): Promise<Exchange | undefined> {
  const owner = await lockLiving(tx, operation, sessionId, { columns: 's.id', condition: 'true', values: [] });
  const standing = await tx.row<Standing>(standingOf, [hashToken(token)]);
  if (!owner || !standing?.usedAt) return undefined;
  const { usedAt, currentHash } = standing;
  if (!currentHash || !isRecent(operation, usedAt))
    return { session: await endReused(tx, operation, sessionId, owner), successor: '' };
  const successor = successors.find((one) => currentHash.equals(hashToken(one)));
  return successor === undefined ? undefined : { session: await tx.em.findOneOrFail(Session, sessionId), successor };
}

const standingOf = `
  select t.used_at as "usedAt", case when s.token_hash = t.successor_hash or exists (
    select from refresh_tokens n where n.token_hash = t.successor_hash and n.used_at is null
  ) then t.successor_hash end as "currentHash"
  from refresh_tokens t join sessions s on s.id = t.session_id where t.token_hash = $1`;
