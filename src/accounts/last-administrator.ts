import type { EntityManager } from '@mikro-orm/postgresql';
import { type LockedUser, lockUsers } from '../access/lock-users.js';
import { forbidden, refuse, unauthenticated } from '../errors.js';
import { type Operation, signedIn } from '../operation.js';
import { noSuchUser } from './change-account.js';
import { User } from './user.entity.js';

/**
 * Locks an account for a change after which it administers nothing. All active administrators are locked with it,
 * so of such changes made at once, by whatever process, each counts what those before it have left.
 * @throws Refusal NOT_FOUND, LAST_ADMINISTRATOR; UNAUTHENTICATED, FORBIDDEN when one of them was made to the caller
 */
export async function lockForWithdrawal(em: EntityManager, operation: Operation, userId: string): Promise<User> {
  const caller = signedIn(operation);
  const locked = await lockUsers(em, [userId, caller.userId], 'is_admin and is_active');
  const account = locked.find(({ id }) => id === userId.toLowerCase());
  if (!account) throw noSuchUser();
  if (administers(account) && locked.filter(administers).length === 1)
    throw refuse('LAST_ADMINISTRATOR', 'Somebody must be left to administer the service.', 'userId');
  const own = locked.find(({ id }) => id === caller.userId);
  if (!own?.isActive) throw unauthenticated();
  if (caller.isAdmin && !own.isAdmin) throw forbidden();
  return em.findOneOrFail(User, account.id);
}

const administers = ({ isAdmin, isActive }: LockedUser): boolean => isAdmin && isActive;
