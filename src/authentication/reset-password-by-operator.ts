import { normalizeIdentifier } from '../accounts/identifiers.js';
import { User } from '../accounts/user.entity.js';
import { revokeApiTokens } from '../api-tokens/revoke-api-tokens.js';
import type { Transaction } from '../database/transaction.js';
import { Refusal, refuse } from '../errors.js';
import type { Operation } from '../operation.js';
import { record } from '../security-events/record.js';
import { liftEveryLock } from './administrative-lock.js';
import { setPassword } from './set-password.js';

/**
 * Sets the password of an administrator on behalf of the service's operator, who is fully trusted. Like a reset by mail
 * it ends every session and revokes every API token. It also lifts every lock; the second factor stays enabled.
 * @throws Refusal NOT_FOUND if no active administrator has this name, PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG,
 * PASSWORD_TOO_WEAK
 */
export async function resetPasswordByOperator(
  operation: Operation,
  { username, newPassword }: { readonly username: string; readonly newPassword: string },
): Promise<User> {
  const { database, passwords, principals } = operation.services;
  const owner = await database.transaction((tx) => administratorNamed(tx, username));
  const errors = await passwords.check(newPassword, owner, 'newPassword');
  if (errors.length > 0) throw new Refusal(errors);
  const hash = await passwords.hash(newPassword);
  const user = await database.transaction((tx) => reset(tx, operation, owner.id, hash));
  principals.forgetUser(user.id);
  return user;
}

async function administratorNamed(tx: Transaction, username: string): Promise<User> {
  const user = await tx.em.findOne(User, { username: normalizeIdentifier(username), isAdmin: true });
  if (!user) throw refuse('NOT_FOUND', 'There is no administrator of this name.');
  if (!user.isActive) throw refuse('NOT_FOUND', 'The account of this administrator is deactivated.');
  return user;
}

async function reset(tx: Transaction, operation: Operation, userId: string, hash: string): Promise<User> {
  const { user, changes } = await setPassword(tx, operation, userId, { hash, reason: 'PASSWORD_RESET', except: null });
  const lifted = await liftEveryLock(tx, user, operation.services.clock.now());
  await revokeApiTokens(tx, operation, user.id);
  record(tx, operation, {
    type: 'PASSWORD_RESET',
    subjectId: user.id,
    details: { by: 'operator', changes: { ...changes, ...lifted } },
  });
  return user;
}
