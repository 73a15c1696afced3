import type { Transaction } from '../database/transaction.js';
import type { Operation } from '../operation.js';
import { record } from '../security-events/record.js';
import { FormerUser } from './former-user.entity.js';
import { accountForWithdrawal } from './last-administrator.js';
import { User } from './user.entity.js';

/**
 * Deletes another user's account.
 * @returns its id
 * @throws Refusal NOT_FOUND, OWN_ACCOUNT, ABOVE_OWN_LEVEL, REAUTHENTICATION_REQUIRED, LAST_ADMINISTRATOR; FORBIDDEN
 */
export async function deleteUser(operation: Operation, userId: string): Promise<string> {
  const { database, principals, signals } = operation.services;
  const deletedUserId = await database.transaction(async (tx) => {
    const user = await accountForWithdrawal(tx, operation, userId, 'delete');
    await erase(tx, operation, user);
    return user.id;
  });
  principals.forgetUser(deletedUserId);
  // The account's posts and comments are deleted with it.
  signals.announce('content');
  return deletedUserId;
}

/**
 * Deletes an account and everything that belongs to it; the caller must have locked its row. The audit trail keeps the
 * id, the username and what events told of changes; an e-mail address is kept there alone, and only if it was changed.
 */
export async function erase(tx: Transaction, operation: Operation, { id, username, email }: User): Promise<void> {
  tx.em.create(FormerUser, { id, username, deletedAt: operation.services.clock.now() }, { persist: true });
  record(tx, operation, { type: 'USER_DELETED', subjectId: id, details: { username } });
  // These tables refer to accounts without a foreign key. Mails that still wait for their address go with it, also those
  // of this transaction: a mail that tells of the deletion has to be written after this. Mails to an earlier address stay,
  // because somebody else may hold it and must learn that it was replaced.
  await tx.rows('delete from attempts where user_id = $1', [id]);
  await tx.rows('delete from jobs where address = $1', [email]);
  await tx.em.nativeDelete(User, { id });
}
