import { after } from '../clock.js';
import type { Operation } from '../operation.js';
import { hashToken } from '../secrets.js';
import type { Session } from './session.entity.js';
import { sessionColumns } from './session-rows.js';
import { idleLifetime } from './sessions.js';

/**
 * Exchanges a token that has not been used before, which is the usual case, in one statement. The token is marked as
 * used first, so only one of several concurrent calls succeeds. Without a row nothing was issued: the token is unknown
 * or used, or its session is over.
 */
export const rotation = `
  with presented as (
    update refresh_tokens t set used_at = $2, successor_hash = $3
    from sessions s join users u on u.id = s.user_id
    where t.token_hash = $1 and t.used_at is null
      and s.id = t.session_id and s.ended_at is null and s.expires_at > $2
      and s.created_at + $6 * interval '1 millisecond' > $2 and u.is_active
    returning t.session_id
  ), session as (
    update sessions s set last_used_at = $2,
      expires_at = least(case when s.is_remembered then $5::timestamptz else $4::timestamptz end, s.created_at + $6 * interval '1 millisecond')
    from presented where s.id = presented.session_id and s.ended_at is null
    returning s.*
  ), successor as (
    insert into refresh_tokens (token_hash, session_id, created_at) select $3, id, $2 from session
  )
  select ${sessionColumns} from session`;

/** @returns the session with its new expiry; undefined if the token was not exchanged */
export async function rotate(operation: Operation, token: string, successor: string): Promise<Session | undefined> {
  const { database, clock, config } = operation.services;
  const now = clock.now();
  return database.sql.row<Session>(rotation, [
    hashToken(token),
    now,
    hashToken(successor),
    after(now, idleLifetime(config, false)),
    after(now, idleLifetime(config, true)),
    config.lifetimes.session,
  ]);
}
