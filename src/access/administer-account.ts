import type { EntityManager } from '@mikro-orm/postgresql';
import { CodedError, type Refusal, unauthenticated } from '../errors.js';
import type { Operation } from '../operation.js';
import { might } from '../policy/policy.js';
import type { Rights } from '../policy/rights.js';
import { attributesOfUser } from './account-attributes.js';
import { type AccountPower, accountPowers, assertMayDo, type Subject } from './account-powers.js';
import { type LockedUser, lockWithCaller, noSuchUser } from './lock-users.js';
import { rightsWithin } from './standing.js';

export interface AccountTarget {
  readonly userId: string;
  readonly power: AccountPower;
  /** Of the input, that named the account or what is the account's; by default `userId`. */
  readonly field?: string;
  /** A further condition on `users`: whoever else is locked with the account. */
  readonly also?: string;
}

export interface Administered {
  readonly user: LockedUser;
  /** Every account that is locked now. */
  readonly locked: readonly LockedUser[];
  /** Undefined for what the service does of its own accord, which nothing is asked of. */
  readonly by: { readonly rights: Rights; readonly subject: Subject } | undefined;
}

/**
 * Locks an account, and the caller's with it, for something that the caller may do to it. Rights are read after the
 * locks: grants of either wait until the change is made, and the change sees those that were made before it.
 * @throws Refusal NOT_FOUND (also for what is no id), OWN_ACCOUNT, ABOVE_OWN_LEVEL; FORBIDDEN; UNAUTHENTICATED
 */
export async function administer(
  em: EntityManager,
  operation: Operation,
  target: AccountTarget,
): Promise<Administered> {
  const { caller } = operation;
  const { userId, power, field, also } = target;
  const { user, locked } = await lockWithCaller(em, operation, userId, also);
  if (!user) throw noSuchUser(field);
  if (!caller) return { user, locked, by: undefined };
  const found = await rightsWithin(em, operation, [user.id, caller.userId]);
  const [rights, theirs] = [found.get(caller.userId), found.get(user.id)];
  if (!rights || !theirs) throw unauthenticated();
  const subject = { attributes: attributesOfUser(user), rights: theirs };
  assertMayDo(power, rights, subject, field);
  return { user, locked, by: { rights, subject } };
}

/**
 * The same for what belongs to an account and is named by an id of its own: that it is there is told only to those
 * who may change the account.
 * @throws `unknown` in place of FORBIDDEN
 */
export async function administerOwnerOf(
  em: EntityManager,
  operation: Operation,
  target: Omit<AccountTarget, 'power'>,
  unknown: Refusal,
): Promise<void> {
  // Nobody else holds up an account.
  if (!might(operation.caller, accountPowers.update.permission)) throw unknown;
  await administer(em, operation, { ...target, power: 'update' }).catch((error: unknown) => {
    throw error instanceof CodedError && error.code === 'FORBIDDEN' ? unknown : error;
  });
}
