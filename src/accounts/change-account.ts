import type { EntityManager } from '@mikro-orm/postgresql';
import { lockUsers } from '../access/lock-users.js';
import { refuse } from '../errors.js';
import { type Operation, signedIn } from '../operation.js';
import { User } from './user.entity.js';

/** For what administrators do to accounts. @throws Refusal OWN_ACCOUNT */
export function assertNotOwn(operation: Operation, userId: string): void {
  // An id is the same in capitals.
  if (userId.toLowerCase() === signedIn(operation).userId)
    throw refuse('OWN_ACCOUNT', 'Another administrator must do this to your account.', 'userId');
}

/** Locks an account for a change. @throws Refusal NOT_FOUND, also for what is no id */
export async function lockAccount(em: EntityManager, userId: string): Promise<User> {
  const [locked] = await lockUsers(em, [userId]);
  if (!locked) throw noSuchUser();
  return em.findOneOrFail(User, locked.id);
}

export const noSuchUser = () => refuse('NOT_FOUND', 'There is no such user.', 'userId');
