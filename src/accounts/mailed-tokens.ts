import { after } from '../clock.js';
import type { Transaction } from '../database/transaction.js';
import { type Refusal, refuse } from '../errors.js';
import type { Operation } from '../operation.js';
import { hashToken, randomToken } from '../secrets.js';
import { MailedToken, type TokenPurpose } from './mailed-token.entity.js';

interface Holder {
  readonly id: string;
  readonly email: string;
}

interface MailedTokenTerms {
  readonly purpose: TokenPurpose;
  /** In milliseconds. */
  readonly lifetime: number;
  readonly newEmail?: string;
}

/** What a token was created for. */
export interface Claim {
  readonly userId: string;
  readonly email: string;
  readonly newEmail: string | null;
  readonly createdAt: Date;
}

/**
 * Creates a token to be mailed and deletes older ones of the same purpose. Tokens that undo a change of address are
 * deleted only for the same address: a thief who changes it twice must not invalidate the owner's token.
 * @returns the token itself, which is not stored
 */
export async function issueToken(
  tx: Transaction,
  operation: Operation,
  user: Holder,
  { purpose, lifetime, newEmail }: MailedTokenTerms,
): Promise<string> {
  const token = randomToken();
  const now = operation.services.clock.now();
  // Serializes concurrent requests, so that the token of the later one is the valid one.
  await tx.rows('select 1 from users where id = $1 for no key update', [user.id]);
  const sameAddress = purpose === 'undo-email-change' ? { email: user.email } : {};
  await tx.em.nativeDelete(MailedToken, { userId: user.id, purpose, ...sameAddress });
  const validity = { createdAt: now, expiresAt: after(now, lifetime) };
  tx.em.create(
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
  select 1 from users where id = (select user_id from mailed_tokens where token_hash = $1 and purpose = $2) for no key update`;

const use = `
  update mailed_tokens set used_at = $3
  where token_hash = $1 and purpose = $2 and used_at is null and expires_at > $3
  returning user_id as "userId", email, new_email as "newEmail", created_at as "createdAt"`;

/**
 * Uses a token up. Of several concurrent calls one succeeds, because the row is updated before it is read.
 * @returns what the token was created for; undefined if it is unknown, used, expired or of another purpose
 */
export async function useToken(
  tx: Transaction,
  operation: Operation,
  purpose: TokenPurpose,
  token: string,
): Promise<Claim | undefined> {
  const now = operation.services.clock.now();
  // The account's row is locked first, as in `issueToken`; the opposite order could deadlock.
  await tx.rows(owner, [hashToken(token), purpose]);
  return tx.row<Claim>(use, [hashToken(token), purpose, now]);
}

/** The user of a token, valid or not. It is used to lock other accounts before the token's. */
export async function ownerOfToken(tx: Transaction, purpose: TokenPurpose, token: string): Promise<string | undefined> {
  const found = await tx.em.findOne(MailedToken, { tokenHash: hashToken(token), purpose }, { fields: ['userId'] });
  return found?.userId;
}

/** For a token that is unknown, used, expired, or no longer valid for its account. */
export const invalidLink = (): Refusal => refuse('INVALID_TOKEN', 'This link is not valid any more.', 'token');

/** Deletes the tokens of a user for these purposes. */
export async function dropTokens(tx: Transaction, userId: string, purposes: TokenPurpose[]): Promise<void> {
  await tx.em.nativeDelete(MailedToken, { userId, purpose: { $in: purposes } });
}
