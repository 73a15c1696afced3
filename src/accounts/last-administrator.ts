import { type LockedUser, lockUsers, lockWithCaller } from '../access/lock-users.js';
import type { Transaction } from '../database/transaction.js';
import { refuse } from '../errors.js';
import { type Operation, requireCaller } from '../operation.js';
import { accountFor } from './change-account.js';
import { User } from './user.entity.js';

/**
 * The active administrators are locked together with an account that ceases to be one or may no longer sign in, so that
 * concurrent changes count correctly how many remain.
 */
const active = 'is_admin and is_active';

/**
 * Locks an account for a change after which it is no administrator who can sign in. For use by administrators.
 * @throws Refusal NOT_FOUND, OWN_ACCOUNT, ABOVE_OWN_LEVEL, LAST_ADMINISTRATOR; UNAUTHENTICATED, FORBIDDEN
 */
export async function accountForWithdrawal(
  tx: Transaction,
  operation: Operation,
  userId: string,
  power: 'lock' | 'deactivate' | 'delete' | 'unmakeAdministrator',
): Promise<User> {
  const { user, locked } = await accountFor(tx, operation, { userId, power, also: active });
  assertNotLast(operation, user.id, locked);
  return user;
}

/**
 * Like `accountForWithdrawal`, for the caller's own account, which needs no permission.
 * @throws Refusal LAST_ADMINISTRATOR; UNAUTHENTICATED
 */
export async function ownAccountForWithdrawal(tx: Transaction, operation: Operation): Promise<User> {
  const { userId } = requireCaller(operation);
  const { locked } = await lockWithCaller(tx, operation, userId, active);
  assertNotLast(operation, userId, locked);
  return tx.em.findOneOrFail(User, userId);
}

/**
 * Like `accountForWithdrawal`, for an account whose owner has proved by mail that it is theirs.
 * @throws Refusal LAST_ADMINISTRATOR
 */
export async function holdForWithdrawal(tx: Transaction, operation: Operation, userId: string): Promise<void> {
  assertNotLast(operation, userId, await lockUsers(tx, [userId], active));
}

/** Administrators whom another one has locked do not count as left. */
function assertNotLast({ services }: Operation, userId: string, locked: readonly LockedUser[]): void {
  const now = services.clock.now();
  const administrators = locked.filter(({ isAdmin, isActive }) => isAdmin && isActive);
  const others = administrators.filter(({ id }) => id !== userId);
  const isOneLeft = others.some(({ lockedByAdminUntil: until }) => until === null || until <= now);
  if (others.length < administrators.length && !isOneLeft)
    throw refuse('LAST_ADMINISTRATOR', 'Somebody must be left to administer the service.', 'userId');
}
