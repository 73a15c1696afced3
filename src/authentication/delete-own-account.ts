import { erase } from '../accounts/delete-user.js';
import { ownAccountForWithdrawal } from '../accounts/last-administrator.js';
import { User } from '../accounts/user.entity.js';
import { refuse } from '../errors.js';
import type { Operation } from '../operation.js';
import { provePassword } from './prove-password.js';

/**
 * Deletes the caller's account.
 * @returns its id
 * @throws Refusal INVALID_CREDENTIALS, LAST_ADMINISTRATOR; UNAUTHENTICATED; FORBIDDEN for an API token
 */
export async function deleteOwnAccount(operation: Operation, currentPassword: string): Promise<string> {
  const { id, passwordHash } = await provePassword(operation, currentPassword);
  const { database, principals, signals } = operation.services;
  await database.transaction(async (tx) => {
    const user = await ownAccountForWithdrawal(tx, operation);
    // The password may have been changed while it was verified.
    if ((await tx.em.count(User, { id, passwordHash })) === 0)
      throw refuse('INVALID_CREDENTIALS', 'The password is wrong.', 'currentPassword');
    await erase(tx, operation, user);
  });
  principals.forgetUser(id);
  // The account's posts and comments are deleted with it.
  signals.announce('content');
  return id;
}
