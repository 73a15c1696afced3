import type { EntityManager } from '@mikro-orm/postgresql';
import { unauthenticated } from '../../errors.js';
import type { Operation } from '../../operation.js';
import { assertNotOutranked } from '../../policy/rank.js';
import type { Rights } from '../../policy/rights.js';
import { lockRole, noSuchRole } from '../lock-role.js';
import { type LockedUser, lockWithCaller, noSuchUser } from '../lock-users.js';
import type { Role } from '../role.entity.js';
import { RoleGrant } from '../role-grant.entity.js';
import { rightsWithin } from '../standing.js';

/** Whose grant of what is changed. */
export interface GrantTarget {
  readonly userId: string;
  readonly roleId: string;
}

export interface LockedGrants {
  readonly user: LockedUser;
  readonly role: Role;
  /** The caller's, as of now; undefined for what the service does by itself. */
  readonly rights: Rights | undefined;
  /** Of whose grant it is. */
  readonly subject: Rights | undefined;
}

/**
 * Grants of one user are changed one at a time, while whoever changes them is there to be named, and while the role
 * stays what it is.
 * @param field of the input, that names the role
 * @throws Refusal NOT_FOUND; UNAUTHENTICATED
 */
export async function lockGrants(
  em: EntityManager,
  operation: Operation,
  { userId, roleId }: GrantTarget,
  field = 'roleId',
): Promise<LockedGrants> {
  const { user } = await lockWithCaller(em, operation, userId);
  if (!user) throw noSuchUser();
  const role = await lockRole(em, roleId, 'grant');
  if (!role) throw noSuchRole(field);
  const { caller } = operation;
  if (!caller) return { user, role, rights: undefined, subject: undefined };
  const found = await rightsWithin(em, operation, [caller.userId, user.id]);
  const [rights, subject] = [found.get(caller.userId), found.get(user.id)];
  // Both are locked, so they are there; without rights nothing would be checked.
  if (!rights || !subject) throw unauthenticated();
  return { user, role, rights, subject };
}

/** Asked of those who may do it to others: strangers learn nothing of levels. @throws Refusal ABOVE_OWN_LEVEL */
export function assertNotAbove({ rights, subject }: LockedGrants): void {
  if (rights && subject) assertNotOutranked(rights, subject, 'userId');
}

/**
 * By the clock of the process that made it a grant may begin later than now: it stands, or nobody could take it.
 * @returns the grants by which the user holds the role, the latest first; more than one where clocks differed
 */
export async function standingGrantsOf(
  em: EntityManager,
  { user, role }: LockedGrants,
  now: Date,
): Promise<RoleGrant[]> {
  const where = { userId: user.id, roleId: role.id, revokedAt: null };
  const grants = await em.find(RoleGrant, where, { orderBy: { grantedAt: 'desc' } });
  return grants.filter(({ expiresAt }) => !(expiresAt && expiresAt <= now));
}
