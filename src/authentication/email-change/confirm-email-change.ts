import { addressChange } from '../../accounts/address-change.js';
import { holderOf } from '../../accounts/held-addresses.js';
import { dropTokens, invalidLink, useToken } from '../../accounts/mailed-tokens.js';
import { User } from '../../accounts/user.entity.js';
import { violatedConstraint } from '../../database/connection-failure.js';
import type { Transaction } from '../../database/transaction.js';
import { type Refusal, refuse } from '../../errors.js';
import type { Operation } from '../../operation.js';
import { record } from '../../security-events/record.js';

const taken = (): Refusal => refuse('EMAIL_TAKEN', 'This e-mail address is taken.', 'token');

/**
 * Sets the address that the token was mailed to. Links that were mailed to the old address become invalid, except the
 * one that undoes this change.
 * @throws Refusal INVALID_TOKEN, EMAIL_TAKEN
 */
export async function confirmEmailChange(operation: Operation, token: string): Promise<User> {
  try {
    const user = await operation.services.database.transaction((tx) => change(tx, operation, token));
    // Permission conditions may refer to the caller's address, so cached rights are dropped.
    operation.services.principals.forgetUser(user.id);
    return user;
  } catch (error) {
    throw violatedConstraint(error) === 'users_email_unique' ? taken() : error;
  }
}

async function change(tx: Transaction, operation: Operation, token: string): Promise<User> {
  const claim = await useToken(tx, operation, 'confirm-email-change', token);
  const user = claim && (await tx.em.findOne(User, { id: claim.userId, email: claim.email, isActive: true }));
  if (!user || !claim.newEmail) throw invalidLink();
  const holder = await holderOf(tx, operation, claim.newEmail);
  if (holder && holder.id !== user.id) throw taken();
  const changes = addressChange(user, { email: claim.newEmail, isVerified: true });
  Object.assign(user, { email: claim.newEmail, isVerified: true, version: user.version + 1 });
  // Tokens are checked against the account's address; they would become valid again if the address came back.
  await dropTokens(tx, user.id, ['verify-email', 'reset-password', 'confirm-email-change']);
  record(tx, operation, { type: 'EMAIL_CHANGED', subjectId: user.id, actorId: user.id, details: { changes } });
  return user;
}
