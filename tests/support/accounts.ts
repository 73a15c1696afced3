import { randomBytes, randomUUID } from 'node:crypto';
import type { Harness } from './harness.js';

export interface Made {
  readonly id: string;
  readonly username: string;
  readonly sessionId: string;
  readonly tokenId: string;
}

interface Wanted {
  readonly username?: string;
  readonly language?: string | null;
  readonly isAdmin?: boolean;
  readonly isActive?: boolean;
  /** A role to hold in addition to the role `user`. */
  readonly roleId?: string | undefined;
}

const text = `
  with account as (
    insert into users (id, username, email, password_hash, password_changed_at, created_at, is_verified, language, is_admin, is_active)
    values ($1, $2, $2 || '@example.com', '!', $6, $6, true, $3, $4, $5) returning id
  ), granted as (
    insert into role_grants (id, user_id, role_id, granted_at)
    select gen_random_uuid(), a.id, r.id, $6 from account a, roles r
    where r.deleted_at is null and (r.id = $7 or r.is_system and (r.name = 'user' or r.name = 'admin' and $4))
  ), opened as (
    insert into sessions (id, user_id, is_remembered, created_at, last_used_at, expires_at)
    select $8, id, false, $6, $6, $6::timestamptz + interval '1 day' from account
  )
  insert into api_tokens (id, user_id, name, token_hash, scopes, created_at)
  select $9, id, 'theirs', $10, '{}', $6 from account`;

/** Creates an account with a session and an API token in one statement, for tests that need hundreds. */
export async function makeAccount({ app, clock }: Harness, wanted: Wanted = {}): Promise<Made> {
  const [id, sessionId, tokenId] = [randomUUID(), randomUUID(), randomUUID()];
  const username = wanted.username ?? `made.${id}`;
  const { language = null, isAdmin = false, isActive = true, roleId = null } = wanted;
  await app.services.database.sql.rows(text, [
    id,
    username,
    language,
    isAdmin,
    isActive,
    clock.now(),
    roleId,
    sessionId,
    tokenId,
    randomBytes(32),
  ]);
  return { id, username, sessionId, tokenId };
}

/** Everything about an account that administration can change; undefined when the account is deleted. */
export const stateOf = ({ app }: Harness, id: string): Promise<unknown> =>
  app.services.database.sql.row(
    `select u.*, (select json_agg(s order by s.id) from sessions s where s.user_id = u.id) as sessions,
       (select json_agg(t order by t.id) from api_tokens t where t.user_id = u.id) as tokens,
       (select json_agg(g order by g.id) from role_grants g where g.user_id = u.id) as grants
     from users u where u.id = $1`,
    [id],
  );
