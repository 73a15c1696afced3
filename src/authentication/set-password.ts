import { dropTokens } from '../accounts/mailed-tokens.js';
import { User } from '../accounts/user.entity.js';
import type { Transaction } from '../database/transaction.js';
import { refuse } from '../errors.js';
import { recipientOf } from '../mail/recipient.js';
import type { Operation } from '../operation.js';
import { endSessions } from '../sessions/end-sessions.js';
import { TwoFactorChallenge } from './second-factor/two-factor-challenge.entity.js';

export interface NewPassword {
  readonly hash: string;
  /** The hash that was verified; undefined if the caller was not authorized by the old password. */
  readonly instead?: string;
  readonly reason: 'PASSWORD_CHANGED' | 'PASSWORD_RESET';
  /** Id of the session that stays open; null: none. */
  readonly except: string | null;
}

/**
 * Sets a password and invalidates what the previous one allowed: sessions, challenges and mailed links. The account's
 * row is changed first: a concurrent sign-in with the old password either waits for it and fails, or has finished, and
 * then its session is ended here.
 * @throws Refusal INVALID_CREDENTIALS if the password was changed in the meantime
 */
export async function setPassword(
  tx: Transaction,
  operation: Operation,
  userId: string,
  { hash, instead, reason, except }: NewPassword,
): Promise<User> {
  const { clock, outbox, mails } = operation.services;
  const where = { id: userId, ...(instead && { passwordHash: instead }) };
  const changed = await tx.em.nativeUpdate(User, where, { passwordHash: hash, passwordChangedAt: clock.now() });
  if (changed === 0) throw refuse('INVALID_CREDENTIALS', 'The password is wrong.', 'currentPassword');
  await dropTokens(tx, userId, ['reset-password', 'confirm-email-change']);
  await tx.em.nativeDelete(TwoFactorChallenge, { userId });
  await endSessions(tx, operation, userId, reason, except);
  const user = await tx.em.findOneOrFail(User, userId);
  outbox.enqueue(tx, mails.write('password-changed', recipientOf(user), {}));
  return user;
}
