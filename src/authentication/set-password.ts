import { dropTokens } from '../accounts/mailed-tokens.js';
import { User } from '../accounts/user.entity.js';
import type { Transaction } from '../database/transaction.js';
import { refuse } from '../errors.js';
import { recipientOf } from '../mail/recipient.js';
import type { Operation } from '../operation.js';
import { changesBetween, type FieldChanges } from '../security-events/field-changes.js';
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

/** `former` locks the row, and after waiting reads it as it is then, like the update. */
const replacing = `
  with former as (
    select id, password_changed_at from users
    where id = $1 and password_hash = coalesce($4::text, password_hash) for no key update
  )
  update users u set password_hash = $2, password_changed_at = $3 from former f where u.id = f.id
  returning f.password_changed_at as "passwordChangedAt"`;

/**
 * Sets a password and invalidates what the previous one allowed: sessions, challenges and mailed links. The account's
 * row is changed first: a concurrent sign-in with the old password either waits for it and fails, or has finished, and
 * then its session is ended here.
 * @returns the account, and what an event tells of the change: when the password was set before, and now
 * @throws Refusal INVALID_CREDENTIALS if the password was changed in the meantime
 */
export async function setPassword(
  tx: Transaction,
  operation: Operation,
  userId: string,
  { hash, instead, reason, except }: NewPassword,
): Promise<{ readonly user: User; readonly changes: FieldChanges }> {
  const { clock, outbox, mails } = operation.services;
  const before = await tx.row<Pick<User, 'passwordChangedAt'>>(replacing, [userId, hash, clock.now(), instead ?? null]);
  if (!before) throw refuse('INVALID_CREDENTIALS', 'The password is wrong.', 'currentPassword');
  await dropTokens(tx, userId, ['reset-password', 'confirm-email-change']);
  await tx.em.nativeDelete(TwoFactorChallenge, { userId });
  await endSessions(tx, operation, userId, reason, except);
  const user = await tx.em.findOneOrFail(User, userId);
  outbox.enqueue(tx, mails.write('password-changed', recipientOf(user), {}));
  const { passwordChangedAt } = user;
  return { user, changes: changesBetween({ passwordChangedAt: before.passwordChangedAt }, { passwordChangedAt }) };
}
