import type { EntityManager } from '@mikro-orm/postgresql';
import { after } from '../clock.js';
import { type Refusal, refuse } from '../errors.js';
import type { Operation } from '../operation.js';
import { hashToken, randomToken } from '../secrets.js';
import { MailedToken, type TokenPurpose } from './mailed-token.entity.js';

interface Holder {
  readonly id: string;
  readonly email: string;
}

interface Terms {
  readonly purpose: TokenPurpose;
  /** In milliseconds. */
  readonly lifetime: number;
  readonly newEmail?: string;
}

/** What a token was made for. */
export interface Claim {
  readonly userId: string;
  readonly email: string;
  readonly newEmail: string | null;
  readonly createdAt: Date;
}

/**
 * Makes a token for one purpose, to be mailed; older ones of that purpose die. Of those that undo a change of
 * address only older ones to the same address do: a thief who changes it twice must not kill the owner's.
 * @returns the token itself, which is kept nowhere
 */
export async function issueToken(
  em: EntityManager,
  operation: Operation,
  user: Holder,
  { purpose, lifetime, newEmail }: Terms,
): Promise<string> {
  const token = randomToken();
  const now = operation.services.clock.now();
  // Two requests at once take turns, so that the later one's token is the one that lives.
  await em.execute('select 1 from users where id = ? for no key update', [user.id]);
  const sameAddress = purpose === 'undo-email-change' ? { email: user.email } : {};
  await em.nativeDelete(MailedToken, { userId: user.id, purpose, ...sameAddress });
  const validity = { createdAt: now, expiresAt: after(now, lifetime) };
  em.create(
    MailedToken,
    {
      tokenHash: hashToken(token),
      purpose,
      userId: user.id,
      email: user.email,
      newEmail: newEmail ?? null,
      ...validity,
    },
    { persist: true },
  );
  return token;
}

const owner = `
  select 1 from users where id = (select user_id from mailed_tokens where token_hash = ? and purpose = ?) for no key update`;

const use = `
  update mailed_tokens set used_at = ?
  where token_hash = ? and purpose = ? and used_at is null and expires_at > ?
  returning user_id as "userId", email, new_email as "newEmail", created_at as "createdAt"`;

/** Uses a token up. Of many tries at once one succeeds, since the row is changed before it is looked at. */
export async function useToken(
  em: EntityManager,
  operation: Operation,
  purpose: TokenPurpose,
  token: string,
): Promise<Claim | undefined> {
  const now = operation.services.clock.now();
  // The account's row first, as where tokens are made: in the other order the two could wait for each other.
  await em.execute(owner, [hashToken(token), purpose]);
  // The ORM's driver leaves instants as text.
  const rows: (Omit<Claim, 'createdAt'> & { readonly createdAt: string })[] = await em.execute(use, [
    now,
    hashToken(token),
    purpose,
    now,
  ]);
  return rows[0] && { ...rows[0], createdAt: new Date(rows[0].createdAt) };
}

/** Whose token it is, whether or not it still holds: to lock more than that account before it is used. */
export async function ownerOfToken(
  em: EntityManager,
  purpose: TokenPurpose,
  token: string,
): Promise<string | undefined> {
  const found = await em.findOne(MailedToken, { tokenHash: hashToken(token), purpose }, { fields: ['userId'] });
  return found?.userId;
}

/** For a token that is unknown, used, expired, or not good for this account any more. */
export const invalidLink = (): Refusal => refuse('INVALID_TOKEN', 'This link is not valid any more.', 'token');

/** Kills what was mailed for these purposes and not used yet. */
export async function dropTokens(em: EntityManager, userId: string, purposes: TokenPurpose[]): Promise<void> {
  await em.nativeDelete(MailedToken, { userId, purpose: { $in: purposes } });
}
