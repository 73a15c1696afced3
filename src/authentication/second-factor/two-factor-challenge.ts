import { after, minutes } from '../../clock.js';
import type { Operation } from '../../operation.js';
import { hashToken, randomToken } from '../../secrets.js';

/** In milliseconds; enough time to get the phone. */
const lifetime = minutes(5);

/** What the client gets after the password. The token is only good for completing this sign-in. */
export interface Challenge {
  readonly challengeToken: string;
  readonly expiresAt: Date;
  readonly hasRecoveryCodes: boolean;
}

interface ProvedLogin {
  readonly userId: string;
  /** The hash that was verified. */
  readonly passwordHash: string;
  readonly rememberMe: boolean;
  readonly usesCookie: boolean;
}

/** Inserts nothing if the password was changed or the account deactivated while the password was verified. */
const insert = `
  with made as (
    insert into two_factor_challenges (token_hash, user_id, is_remembered, uses_cookie, created_at, expires_at)
    select $2, u.id, $3, $4, $5, $6 from users u where u.id = $1 and u.is_active and u.password_hash = $7 for share
  )
  select exists (select from recovery_codes where user_id = $1 and used_at is null) as "hasRecoveryCodes"`;

/** Creates a challenge for a caller who has proved the password of an account with a second factor. */
export async function challenge({ services }: Operation, proved: ProvedLogin): Promise<Challenge> {
  const challengeToken = randomToken();
  const now = services.clock.now();
  const expiresAt = after(now, lifetime);
  const row = await services.database.sql.row<{ hasRecoveryCodes: boolean }>(insert, [
    proved.userId,
    hashToken(challengeToken),
    proved.rememberMe,
    proved.usesCookie,
    now,
    expiresAt,
    proved.passwordHash,
  ]);
  return { challengeToken, expiresAt, hasRecoveryCodes: row?.hasRecoveryCodes ?? false };
}
