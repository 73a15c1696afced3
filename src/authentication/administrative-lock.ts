import type { User } from '../accounts/user.entity.js';
import type { Transaction } from '../database/transaction.js';
import type { FieldChanges } from '../security-events/field-changes.js';
import { latestAfter, lockChange, removeCounts } from './attempts/lockout-counter.js';

// A lock that an administrator has put on an account. It is kept with the account instead of the counts of attempts, so
// that no success and no new password lifts it. Both kinds together make what the API calls the lock of an account.

const ofAttempts = `
  select max(locked_until) as until from attempts where key in ('password:' || $1::uuid, 'code:' || $1::uuid)`;

/**
 * Locks an account until an instant, or moves the end of an earlier lock of this kind. The caller must have locked the row.
 * @returns what an event tells of it: until when the account is locked, by whatever lock
 */
export async function lockByAdministrator(tx: Transaction, user: User, until: Date, now: Date): Promise<FieldChanges> {
  const row = await tx.row<{ until: Date | null }>(ofAttempts, [user.id]);
  const before = latestAfter(now, [row?.until, user.lockedByAdminUntil]);
  user.lockedByAdminUntil = until;
  return lockChange(latestAfter(now, [row?.until, until]), before);
}

/**
 * Lifts every lock of an account: by an administrator, and by wrong attempts on all devices. The caller must have locked the
 * row.
 * @returns what an event tells of it: until when the account was locked; undefined if it was not
 */
export async function liftEveryLock(tx: Transaction, user: User, now: Date): Promise<FieldChanges | undefined> {
  const until = latestAfter(now, [user.lockedByAdminUntil, ...(await removeCounts(tx, user.id))]);
  user.lockedByAdminUntil = null;
  return until ? lockChange(null, until) : undefined;
}
