import { type AccountTarget, type Administered, administer } from '../access/administer-account.js';
import type { Transaction } from '../database/transaction.js';
import type { Operation } from '../operation.js';
import { User } from './user.entity.js';

/**
 * Locks an account and checks the caller's power over it, like `administer`, and also returns the account as an entity.
 */
export async function accountFor(
  tx: Transaction,
  operation: Operation,
  target: AccountTarget,
): Promise<Omit<Administered, 'user'> & { readonly user: User }> {
  const administered = await administer(tx, operation, target);
  return { ...administered, user: await tx.em.findOneOrFail(User, administered.user.id) };
}
