import { type LockedUser, lockUsers, lockWithCaller } from '../access/lock-users.js';
import type { Transaction } from '../database/transaction.js';
import { refuse } from '../errors.js';
import { type Operation, requireCaller } from '../operation.js';
import { accountFor } from './change-account.js';
import { User } from './user.entity.js';

/**
 * The active administrators are locked together with an account that ceases to be one, so that concurrent changes count
 * correctly how many remain.
 */
const active = 'is_admin and is_active';

/**
 * Locks an account for a change after which it is no active administrator. For use by administrators.
 * @throws Refusal NOT_FOUND, OWN_ACCOUNT, ABOVE_OWN_LEVEL, LAST_ADMINISTRATOR; UNAUTHENTICATED, FORBIDDEN
 */
export async function accountForWithdrawal(
  tx: Transaction,
  operation: Operation,
  userId: string,
  power: 'deactivate' | 'delete' | 'unmakeAdministrator',
): Promise<User> {
  const { user, locked } = await accountFor(tx, operation, { userId, power, also: active });
  assertNotLast(user.id, locked);
  return user;
}

/**
 * Like `accountForWithdrawal`, for the caller's own account, which needs no permission.
 * @throws Refusal LAST_ADMINISTRATOR; UNAUTHENTICATED
 */
export async function ownAccountForWithdrawal(tx: Transaction, operation: Operation): Promise<User> {
  const { userId } = requireCaller(operation);
  const { locked } = await lockWithCaller(tx, operation, userId, active);
  assertNotLast(userId, locked);
  return tx.em.findOneOrFail(User, userId);
}

/**
 * Like `accountForWithdrawal`, for an account whose owner has proved by mail that it is theirs.
 * @throws Refusal LAST_ADMINISTRATOR
 */
export async function holdForWithdrawal(tx: Transaction, userId: string): Promise<void> {
  assertNotLast(userId, await lockUsers(tx, [userId], active));
}

function assertNotLast(userId: string, locked: readonly LockedUser[]): void {
  const administrators = locked.filter(({ isAdmin, isActive }) => isAdmin && isActive);
  if (administrators.length === 1 && administrators[0]?.id === userId)
    throw refuse('LAST_ADMINISTRATOR', 'Somebody must be left to administer the service.', 'userId');
}
