import type { EntityManager } from '@mikro-orm/postgresql';
import { dropTokens, invalidLink, issueToken, useToken } from '../accounts/mailed-tokens.js';
import { User } from '../accounts/user.entity.js';
import { revokeApiTokens } from '../api-tokens/revoke-api-tokens.js';
import { violatedConstraint } from '../database/connection-failure.js';
import { refuse } from '../errors.js';
import { emailChangeUndoneMail } from '../mail/email-change-mails.js';
import type { Operation } from '../operation.js';
import { hashToken } from '../secrets.js';
import { record } from '../security-events/record.js';
import { endSessions } from '../sessions/sessions.js';
import { TwoFactorChallenge } from './two-factor-challenge.entity.js';

/**
 * Keeps or brings back the address that the token was mailed to, signs everybody out, and mails a link to set a new
 * password: whoever asked for the change knew the old one, which lets nobody in any more. It works whatever has been changed since, password
 * and address included, for that is what a thief would do.
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

/** No hash of ours or anybody's: nothing matches it until a new password is set. */
const noPassword = '!';

/** Earlier ones live on: a thief who has moved the account twice must not take the owner's chance with a link of theirs. */
const dropLaterUndos = `
  delete from mailed_tokens where user_id = ? and purpose = 'undo-email-change'
    and created_at >= (select created_at from mailed_tokens where token_hash = ?)`;

async function undo(em: EntityManager, operation: Operation, token: string): Promise<User> {
  const { outbox, publicUrl, config } = operation.services;
  const claim = await useToken(em, operation, 'undo-email-change', token);
  // Using the token has locked the account's row, so no sign-in slips past.
  const user = claim && (await em.findOne(User, { id: claim.userId, isActive: true }));
  if (!user) throw invalidLink();
  Object.assign(user, { email: claim.email, isVerified: true, passwordHash: noPassword });
  await em.flush();
  await dropTokens(em, user.id, ['confirm-email-change', 'reset-password']);
  await em.execute(dropLaterUndos, [user.id, hashToken(token)]);
  await em.nativeDelete(TwoFactorChallenge, { userId: user.id });
  await endSessions(em, operation, user.id, 'EMAIL_CHANGE_UNDONE');
  await revokeApiTokens(em, operation, user.id);
  const lifetime = config.lifetimes.verification;
  const reset = await issueToken(em, operation, user, { purpose: 'reset-password', lifetime });
  outbox.enqueue(em, emailChangeUndoneMail(user.email, user.username, publicUrl(), { token: reset, lifetime }));
  record(em, operation, { type: 'EMAIL_CHANGE_UNDONE', subjectId: user.id, actorId: user.id });
  return user;
}
