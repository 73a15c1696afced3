import type { Transaction } from '../database/transaction.js';
import { isUuid } from '../database/uuid.js';
import { type Refusal, refuse, unauthenticated } from '../errors.js';
import type { Operation } from '../operation.js';
import { type AttributedAccount, attributedAccount } from './account-attributes.js';

/** An account as of its lock. Reads the table `users` directly, because access/ must not import accounts/. */
export interface LockedUser extends AttributedAccount {
  readonly emailNotifications: boolean;
  /** End of an administrator's lock, which may be in the past. */
  readonly lockedByAdminUntil: Date | null;
}

/**
 * Locks accounts until the transaction ends, in the order of their ids, so that transactions cannot deadlock. A
 * transaction that writes a row with references to two accounts must lock both, because deleting either of them would
 * wait for that row.
 * @param ids malformed and unknown ids are ignored
 * @param also SQL condition on `users u` that selects further accounts
 * @returns the accounts as of the lock
 */
export function lockUsers(tx: Transaction, ids: readonly string[], also = 'false'): Promise<LockedUser[]> {
  // Other transactions may still insert references to these accounts; deleting one takes a stronger lock by itself.
  return tx.rows<LockedUser>(
    `select ${attributedAccount}, u.email_notifications as "emailNotifications",
       u.locked_by_admin_until as "lockedByAdminUntil"
     from users u where u.id = any($1::uuid[]) or (${also}) order by u.id for no key update`,
    [ids.filter(isUuid)],
  );
}

/**
 * Locks the caller's account, so that it exists and keeps its rights until the transaction ends, together with others.
 * Without a caller, when the service itself acts, locks only the others.
 * @param others ids; malformed and unknown ones are ignored
 * @param also SQL condition on `users u` that selects further accounts
 * @returns the accounts as of the lock
 * @throws UNAUTHENTICATED when the caller's account is deleted or deactivated
 */
export async function lockCaller(
  tx: Transaction,
  { caller }: Operation,
  others: readonly string[] = [],
  also?: string,
): Promise<readonly LockedUser[]> {
  const ids = caller ? [...others, caller.userId] : others;
  const locked = ids.length > 0 ? await lockUsers(tx, ids, also) : [];
  if (caller && !locked.some(({ id, isActive }) => id === caller.userId && isActive)) throw unauthenticated();
  return locked;
}

/** Locks an account together with the caller's: see `lockCaller`. */
export async function lockWithCaller(
  tx: Transaction,
  operation: Operation,
  userId: string,
  also?: string,
): Promise<{ readonly user: LockedUser | undefined; readonly locked: readonly LockedUser[] }> {
  const locked = await lockCaller(tx, operation, [userId], also);
  // UUIDs may be written in upper case.
  return { user: locked.find(({ id }) => id === userId.toLowerCase()), locked };
}

export const noSuchUser = (field = 'userId'): Refusal => refuse('NOT_FOUND', 'There is no such user.', field);
