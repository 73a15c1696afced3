import type { EntityManager } from '@mikro-orm/postgresql';
import { invalidLink, useToken } from '../../accounts/mailed-tokens.js';
import { User } from '../../accounts/user.entity.js';
import { violatedConstraint } from '../../database/connection-failure.js';
import { refuse } from '../../errors.js';
import { emailChangeUndoneMail } from '../../mail/email-change-mails.js';
import type { Operation } from '../../operation.js';
import { hashToken } from '../../secrets.js';
import { record } from '../../security-events/record.js';
import { mailResetLink, shutOut } from '../take-back.js';

/**
 * Keeps or brings back the address that the token was mailed to, signs everybody out, removes a second factor that was
 * enrolled since, and mails a link to set a new password: whoever asked for the change knew the old one, which lets nobody
 * in any more. It works whatever has been changed since, password and address included, for that is what a thief would do.
 * @throws Refusal INVALID_TOKEN, EMAIL_TAKEN
 */
export async function undoEmailChange(operation: Operation, token: string): Promise<User> {
  try {
    const user = await operation.services.database.transaction((em) => undo(em, operation, token));
    operation.services.principals.forgetUser(user.id);
    return user;
  } catch (error) {
    if (violatedConstraint(error) !== 'users_email_unique') throw error;
    throw refuse('EMAIL_TAKEN', 'This e-mail address is taken.', 'token');
  }
}

/** Earlier ones live on: a thief who has moved the account twice must not take the owner's chance with a link of theirs. */
const dropLaterUndos = `
  delete from mailed_tokens where user_id = ? and purpose = 'undo-email-change'
    and created_at >= (select created_at from mailed_tokens where token_hash = ?)`;

async function undo(em: EntityManager, operation: Operation, token: string): Promise<User> {
  const claim = await useToken(em, operation, 'undo-email-change', token);
  // Using the token has locked the account's row, so no sign-in slips past.
  const user = claim && (await em.findOne(User, { id: claim.userId, isActive: true }));
  if (!user) throw invalidLink();
  Object.assign(user, { email: claim.email, isVerified: true });
  await em.flush();
  await em.execute(dropLaterUndos, [user.id, hashToken(token)]);
  // A second factor that is older than the change is the owner's.
  await shutOut(em, operation, user, 'EMAIL_CHANGE_UNDONE', claim.createdAt);
  await mailResetLink(em, operation, user, emailChangeUndoneMail);
  record(em, operation, { type: 'EMAIL_CHANGE_UNDONE', subjectId: user.id, actorId: user.id });
  return user;
}
