import type { Transaction } from '../../database/transaction.js';
import { unauthenticated } from '../../errors.js';
import type { Operation } from '../../operation.js';
import { assertNotOutranked } from '../../policy/rank.js';
import type { Rights } from '../../policy/rights.js';
import { lockRole, noSuchRole } from '../lock-role.js';
import { type LockedUser, lockWithCaller, noSuchUser } from '../lock-users.js';
import type { Role } from '../role.entity.js';
import { RoleGrant } from '../role-grant.entity.js';
import { rightsWithin } from '../standing.js';

/** The user and the role of a grant that is to be changed. */
export interface GrantTarget {
  readonly userId: string;
  readonly roleId: string;
}

export interface LockedForGrant {
  readonly user: LockedUser;
  readonly role: Role;
  /** The caller's rights, read under the locks; undefined when the service itself acts. */
  readonly rights: Rights | undefined;
  /** The rights of the user who holds, or is to hold, the role; undefined when the service itself acts. */
  readonly subject: Rights | undefined;
}

/**
 * Locks the user, the caller and the role, so that grants of one user change one at a time, the caller's rights stay as
 * checked, and the role is neither edited nor deleted meanwhile.
 * @param field name of the input field that identified the role
 * @throws Refusal NOT_FOUND; UNAUTHENTICATED
 */
export async function lockForGrant(
  tx: Transaction,
  operation: Operation,
  { userId, roleId }: GrantTarget,
  field = 'roleId',
): Promise<LockedForGrant> {
  const { user } = await lockWithCaller(tx, operation, userId);
  if (!user) throw noSuchUser();
  const role = await lockRole(tx, roleId, 'grant');
  if (!role) throw noSuchRole(field);
  const { caller } = operation;
  if (!caller) return { user, role, rights: undefined, subject: undefined };
  const found = await rightsWithin(tx, operation, [caller.userId, user.id]);
  const [rights, subject] = [found.get(caller.userId), found.get(user.id)];
  // Both accounts are locked and therefore exist. Without rights nothing would be checked, hence the error.
  if (!rights || !subject) throw unauthenticated();
  return { user, role, rights, subject };
}

/**
 * Call after the permission check, so that callers without permission learn nothing about levels.
 * @throws Refusal ABOVE_OWN_LEVEL
 */
export function assertNotAbove({ rights, subject }: LockedForGrant): void {
  if (rights && subject) assertNotOutranked(rights, subject, 'userId');
}

/**
 * Finds the unended grants of a role to users. A grant made by a process with a faster clock may start later than `now`; it is
 * included, because otherwise it could not be revoked.
 * @returns the latest first; more than one only where clocks differed
 */
export async function unendedGrantsOf(
  tx: Transaction,
  { id: roleId }: Role,
  userIds: readonly string[],
  now: Date,
): Promise<RoleGrant[]> {
  const where = { userId: { $in: [...userIds] }, roleId, revokedAt: null };
  const grants = await tx.em.find(RoleGrant, where, { orderBy: { grantedAt: 'desc' } });
  return grants.filter(({ expiresAt }) => !(expiresAt && expiresAt <= now));
}
