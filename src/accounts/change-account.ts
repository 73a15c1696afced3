import type { EntityManager } from '@mikro-orm/postgresql';
import { type AccountTarget, type Administered, administer } from '../access/administer-account.js';
import type { Operation } from '../operation.js';
import { User } from './user.entity.js';

/**
 * Locks an account and checks the caller's power over it, like `administer`, and also returns the account as an entity.
 */
export async function accountFor(
  em: EntityManager,
  operation: Operation,
  target: AccountTarget,
): Promise<Omit<Administered, 'user'> & { readonly user: User }> {
  const administered = await administer(em, operation, target);
  return { ...administered, user: await em.findOneOrFail(User, administered.user.id) };
}
