import { after } from '../clock.js';
import type { Operation } from '../operation.js';
import { hashToken } from '../secrets.js';
import type { Session } from './session.entity.js';
import { sessionColumns } from './session-rows.js';
import { idleLifetime } from './sessions.js';

const latestEnds = `case when is_remembered then $5::timestamptz else $4::timestamptz end, created_at + $6 * interval '1 millisecond'`;

/**
 * Sets the expiry of an exchanged session; `$4`, `$5` and `$6` are as in `rotation`. No indexed column changes, unless lifetimes
 * have become shorter, so PostgreSQL writes into no index (HOT update).
 */
export const prolonged = `
  last_used_at = $2, expires_at = least(${latestEnds}), expiry_check_at = least(expiry_check_at, ${latestEnds})`;

/** The condition for a session to be refreshed. The absolute lifetime may have become shorter since it was opened. */
export const isRefreshable = `
  ended_at is null and expires_at > $2 and created_at + $6 * interval '1 millisecond' > $2
  and exists (select from users u where u.id = user_id and u.is_active)`;

/**
 * Exchanges the current token of a session. Of several concurrent calls with one token one finds it current; the others
 * wait for its row and then do not. Without a row nothing was issued: the token is not the current one, or its session is over.
 */
export const rotation = `
  update sessions set token_hash = $3, token_generation = $8::int, previous_token_hash = token_hash, token_exchanged_at = $2,
    ${prolonged}
  where id = $7::uuid and token_hash = $1 and ${isRefreshable}
  returning ${sessionColumns}`;

/** Parameters of a statement that exchanges a token: the first six. */
export function exchangeOf({ services }: Operation, token: string, successor: string) {
  const { clock, config } = services;
  const now = clock.now();
  const [idle, remembered] = [after(now, idleLifetime(config, false)), after(now, idleLifetime(config, true))];
  return [hashToken(token), now, hashToken(successor), idle, remembered, config.lifetimes.session] as const;
}

/** An exchange of a session's token for its successor. */
export interface Rotation {
  readonly token: string;
  readonly successor: string;
  readonly sessionId: string;
  /** Of the successor. */
  readonly generation: number;
}

/** @returns the session with its new expiry; undefined if the token was not exchanged */
export const rotate = (
  operation: Operation,
  { token, successor, sessionId, generation }: Rotation,
): Promise<Session | undefined> =>
  operation.services.database.sql.row<Session>(rotation, [
    ...exchangeOf(operation, token, successor),
    sessionId,
    generation,
  ]);
