import type { EntityManager } from '@mikro-orm/postgresql';
import { after } from '../clock.js';
import type { Operation } from '../operation.js';
import { hashToken, randomToken } from '../secrets.js';
import { MailedToken, type TokenPurpose } from './mailed-token.entity.js';

interface Holder {
  readonly id: string;
  readonly email: string;
}

/**
 * Makes a token for one purpose, to be mailed; older ones of that purpose die.
 * @param lifetime in milliseconds
 * @returns the token itself, which is kept nowhere
 */
export async function issueToken(
  em: EntityManager,
  operation: Operation,
  purpose: TokenPurpose,
  user: Holder,
  lifetime: number,
): Promise<string> {
  const token = randomToken();
  const now = operation.services.clock.now();
  // Two requests at once take turns, so that the later one's token is the one that lives.
  await em.execute('select 1 from users where id = ? for no key update', [user.id]);
  await em.nativeDelete(MailedToken, { userId: user.id, purpose });
  const validity = { createdAt: now, expiresAt: after(now, lifetime) };
  em.create(
    MailedToken,
    { tokenHash: hashToken(token), purpose, userId: user.id, email: user.email, ...validity },
    { persist: true },
  );
  return token;
}

const use = `
  update mailed_tokens set used_at = ?
  where token_hash = ? and purpose = ? and used_at is null and expires_at > ?
  returning user_id as "userId", email`;

/** Uses a token up. Of many tries at once one succeeds, since the row is changed before it is looked at. */
export async function useToken(
  em: EntityManager,
  operation: Operation,
  purpose: TokenPurpose,
  token: string,
): Promise<{ userId: string; email: string } | undefined> {
  const now = operation.services.clock.now();
  const rows: { userId: string; email: string }[] = await em.execute(use, [now, hashToken(token), purpose, now]);
  return rows[0];
}
