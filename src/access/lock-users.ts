import type { EntityManager } from '@mikro-orm/postgresql';
import { isUuid } from '../database/uuid.js';
import { type Refusal, refuse, unauthenticated } from '../errors.js';
import type { Operation } from '../operation.js';
import { type AttributedAccount, attributedAccount } from './account-attributes.js';

/** An account as a change finds it. Named by table, since accounts/ stands above access/. */
export interface LockedUser extends AttributedAccount {
  readonly emailNotifications: boolean;
}

/** The ORM's driver leaves instants as text. */
type Row = Omit<LockedUser, 'createdAt'> & { readonly createdAt: string };

/**
 * Locks accounts until the transaction ends, always in the order of their ids, so that no two transactions wait for
 * each other. Whoever writes a row that names two accounts locks both: deleting one of them would wait for that row.
 * @param also a further condition on `users`
 * @returns those there are, as whoever held them before has left them
 */
export async function lockUsers(em: EntityManager, ids: readonly string[], also = 'false'): Promise<LockedUser[]> {
  const wanted = ids.filter(isUuid);
  const named = wanted.length > 0 ? `u.id in (${wanted.map(() => '?').join(', ')})` : 'false';
  // Of this strength, which lets others refer to the accounts: deleting takes more by itself.
  const rows: Row[] = await em.execute(
    `select ${attributedAccount}, u.email_notifications as "emailNotifications"
     from users u where ${named} or (${also}) order by u.id for no key update`,
    wanted,
  );
  return rows.map((row) => ({ ...row, createdAt: new Date(row.createdAt) }));
}

/**
 * The same for an account and the caller's with it, so that whoever makes the change is there to be named, and may
 * what they may, until it is made. What the service does of its own accord has no caller.
 * @throws UNAUTHENTICATED when the caller's account is gone or deactivated
 */
export async function lockWithCaller(
  em: EntityManager,
  { caller }: Operation,
  userId: string,
  also?: string,
): Promise<{ readonly user: LockedUser | undefined; readonly locked: readonly LockedUser[] }> {
  const locked = await lockUsers(em, caller ? [userId, caller.userId] : [userId], also);
  if (caller && !locked.some(({ id, isActive }) => id === caller.userId && isActive)) throw unauthenticated();
  // An id is the same in capitals.
  return { user: locked.find(({ id }) => id === userId.toLowerCase()), locked };
}

/** The same for the caller's account alone. @throws UNAUTHENTICATED when it is gone or deactivated */
export async function lockCaller(em: EntityManager, operation: Operation): Promise<void> {
  if (operation.caller) await lockWithCaller(em, operation, operation.caller.userId);
}

export const noSuchUser = (field = 'userId'): Refusal => refuse('NOT_FOUND', 'There is no such user.', field);
