import type { Transaction } from '../database/transaction.js';
import { CodedError, type Refusal, unauthenticated } from '../errors.js';
import type { Operation } from '../operation.js';
import { might } from '../policy/policy.js';
import type { Rights } from '../policy/rights.js';
import { assertRecentProof } from '../recent-proof.js';
import { attributesOfUser } from './account-attributes.js';
import { type AccountPower, accountPowers, assertMayDo, type Power, type Subject } from './account-powers.js';
import { type LockedUser, lockWithCaller, noSuchUser } from './lock-users.js';
import { rightsWithin } from './standing.js';

export interface AccountTarget {
  readonly userId: string;
  readonly power: AccountPower;
  /** Name of the input field that identified the account, or something that belongs to it; default: `userId`. */
  readonly field?: string;
  /** SQL condition on `users u` that selects further accounts to lock. */
  readonly also?: string;
}

export interface Administered {
  readonly user: LockedUser;
  /** All accounts locked by this call. */
  readonly locked: readonly LockedUser[];
  /** Undefined when the service itself acts; nothing is checked then. */
  readonly by: { readonly rights: Rights; readonly subject: Subject } | undefined;
}

/**
 * Locks an account together with the caller's and checks that the caller may perform the action. Rights are read after
 * locking, so grants of either account cannot change before the transaction ends.
 * @throws Refusal NOT_FOUND (also for a malformed id), OWN_ACCOUNT, ABOVE_OWN_LEVEL, REAUTHENTICATION_REQUIRED; FORBIDDEN;
 * UNAUTHENTICATED
 */
export async function administer(tx: Transaction, operation: Operation, target: AccountTarget): Promise<Administered> {
  const { caller } = operation;
  const { userId, power, field, also } = target;
  const { user, locked } = await lockWithCaller(tx, operation, userId, also);
  if (!user) throw noSuchUser(field);
  if (!caller) return { user, locked, by: undefined };
  const found = await rightsWithin(tx, operation, [user.id, caller.userId]);
  const [rights, theirs] = [found.get(caller.userId), found.get(user.id)];
  if (!rights || !theirs) throw unauthenticated();
  const subject = { attributes: attributesOfUser(user), rights: theirs };
  assertMayDo(power, rights, subject, field);
  if ((accountPowers[power] as Power).takesProof) await assertRecentProof(tx, operation);
  return { user, locked, by: { rights, subject } };
}

/**
 * Like `administer` with the power `update`, for something that belongs to an account and has an id of its own, such as
 * a session. Reports it as unknown to callers who may not change the account, so they cannot find out that it exists.
 * @param unknown thrown instead of FORBIDDEN
 */
export async function administerOwnerOf(
  tx: Transaction,
  operation: Operation,
  target: Omit<AccountTarget, 'power'>,
  unknown: Refusal,
): Promise<void> {
  // Checked before anything is locked, so that callers without the permission cannot block accounts.
  if (!might(operation.caller, accountPowers.update.permission)) throw unknown;
  await administer(tx, operation, { ...target, power: 'update' }).catch((error: unknown) => {
    throw error instanceof CodedError && error.code === 'FORBIDDEN' ? unknown : error;
  });
}
