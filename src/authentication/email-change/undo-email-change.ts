import { addressChange } from '../../accounts/address-change.js';
import { invalidLink, useToken } from '../../accounts/mailed-tokens.js';
import { User } from '../../accounts/user.entity.js';
import { violatedConstraint } from '../../database/connection-failure.js';
import type { Transaction } from '../../database/transaction.js';
import { refuse } from '../../errors.js';
import type { Operation } from '../../operation.js';
import { hashToken } from '../../secrets.js';
import { record } from '../../security-events/record.js';
import { mailResetLink, shutOut } from '../take-back.js';

/**
 * Keeps or restores the address that the token was mailed to, ends all sessions, removes a second factor that was
 * enrolled after the change was requested, and mails a link to set a new password. Whoever requested the change knew
 * the password, so it is removed too. It works whatever has changed since, including password and address, because a
 * thief would change those.
 * @throws Refusal INVALID_TOKEN, EMAIL_TAKEN
 */
export async function undoEmailChange(operation: Operation, token: string): Promise<User> {
  try {
    const user = await operation.services.database.transaction((tx) => undo(tx, operation, token));
    operation.services.principals.forgetUser(user.id);
    return user;
  } catch (error) {
    if (violatedConstraint(error) !== 'users_email_unique') throw error;
    throw refuse('EMAIL_TAKEN', 'This e-mail address is taken.', 'token');
  }
}

/**
 * Deletes the undo tokens created since this one. Earlier ones stay valid: otherwise a thief who changed the address
 * twice could invalidate the owner's link with one of their own.
 */
const dropLaterUndos = `
  delete from mailed_tokens where user_id = $1 and purpose = 'undo-email-change'
    and created_at >= (select created_at from mailed_tokens where token_hash = $2)`;

async function undo(tx: Transaction, operation: Operation, token: string): Promise<User> {
  const claim = await useToken(tx, operation, 'undo-email-change', token);
  // useToken has locked the account's row, so no sign-in can run in between.
  const user = claim && (await tx.em.findOne(User, { id: claim.userId, isActive: true }));
  if (!user) throw invalidLink();
  const ofAddress = addressChange(user, { email: claim.email, isVerified: true });
  Object.assign(user, { email: claim.email, isVerified: true, version: user.version + 1 });
  await tx.em.flush();
  await tx.rows(dropLaterUndos, [user.id, hashToken(token)]);
  // A second factor that is older than the change belongs to the owner.
  const ofPassword = await shutOut(tx, operation, user, 'EMAIL_CHANGE_UNDONE', claim.createdAt);
  await mailResetLink(tx, operation, user, 'email-change-undone');
  const changes = { ...ofAddress, ...ofPassword };
  record(tx, operation, { type: 'EMAIL_CHANGE_UNDONE', subjectId: user.id, actorId: user.id, details: { changes } });
  return user;
}
