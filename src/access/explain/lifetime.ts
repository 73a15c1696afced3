import type { Standing } from '../../policy/rights.js';
import type { PermissionRow } from '../../policy/role-book.js';
import type { GrantRecord, PastRecord, RoleRecord } from './past.js';

/** All that was ever recorded of a user's rights to do something; instants in milliseconds since 1970. */
export interface Lifetime {
  /** As it is now. */
  readonly account: Omit<Standing, 'held'>;
  /** Oldest first; each holds until the next. */
  readonly states: readonly AccountStateRecord[];
  /** Newest first. */
  readonly grants: readonly LifetimeGrant[];
  /** The roles of these grants, deleted ones included. */
  readonly roles: readonly LifetimeRole[];
}

export interface AccountStateRecord extends Pick<Standing, 'email' | 'isActive' | 'isAdmin'> {
  readonly since: number;
}

export type LifetimeGrant = Omit<GrantRecord, 'isRevoked'>;

export interface LifetimeRole extends Omit<RoleRecord, 'isLiving' | 'permissions'> {
  /** Oldest first; each holds until the next. */
  readonly names: readonly { readonly name: string; readonly since: number }[];
  readonly permissions: readonly LifetimePermission[];
}

export interface LifetimePermission extends PermissionRow {
  readonly createdAt: number;
  readonly removedAt: number | null;
}

/** The account at an instant. @param known changes after it are ignored; Infinity: as it is now */
export function accountAt({ account, states }: Lifetime, known: number): PastRecord['account'] {
  if (known === Number.POSITIVE_INFINITY) return account;
  const state = states.findLast(({ since }) => since <= known);
  const { email, isActive, isAdmin } = state ?? { email: account.email, isActive: false, isAdmin: false };
  return { userId: account.userId, email, isActive, isAdmin };
}

/** The grants of each role. */
export const grantsByRole = ({ grants }: Lifetime): readonly (readonly LifetimeGrant[])[] => [
  ...grouped(grants).values(),
];

function grouped(grants: readonly LifetimeGrant[]): Map<string, LifetimeGrant[]> {
  const groups = new Map<string, LifetimeGrant[]>();
  for (const grant of grants) {
    const group = groups.get(grant.roleId);
    if (group) group.push(grant);
    else groups.set(grant.roleId, [grant]);
  }
  return groups;
}

/**
 * The grants that had begun at an instant: of each role at most one that counted and one that had ended, which decide as
 * all of them do.
 */
export function grantsAt(grantsOfRoles: ReturnType<typeof grantsByRole>, at: number, known: number): GrantRecord[] {
  return grantsOfRoles.flatMap((grants) => {
    const isRevoked = ({ revokedAt }: LifetimeGrant) => typeof revokedAt === 'number' && revokedAt <= known;
    const isOver = (grant: LifetimeGrant) => isRevoked(grant) || (grant.expiresAt !== null && grant.expiresAt <= at);
    const counting = grants.find((grant) => grant.grantedAt <= at && !isOver(grant));
    const ended = grants.find((grant) => grant.grantedAt <= at && isOver(grant));
    return [counting, ended].flatMap((grant) => (grant ? [{ ...grant, isRevoked: isRevoked(grant) }] : []));
  });
}

/** The roles at an instant; a deleted one with the permissions that it had when it was deleted. */
export const rolesAt = ({ roles }: Lifetime, known: number): RoleRecord[] =>
  roles.map(({ names, permissions, ...role }) => ({
    ...role,
    name:
      known === Number.POSITIVE_INFINITY
        ? role.name
        : (names.findLast(({ since }) => since <= known)?.name ?? role.name),
    permissions: permissions.filter((permission) => isThere(permission, role.deletedAt, known)).map(termsOf),
    isLiving: (role.createdAt ?? 0) <= known && (role.deletedAt === null || role.deletedAt > known),
  }));

function isThere({ createdAt, removedAt }: LifetimePermission, deletedAt: number | null, known: number): boolean {
  if (createdAt > Math.min(known, deletedAt ?? Number.POSITIVE_INFINITY)) return false;
  return removedAt === null || removedAt > known || (deletedAt !== null && removedAt >= deletedAt);
}

const termsOf = ({ createdAt: _createdAt, removedAt: _removedAt, ...permission }: LifetimePermission): PermissionRow =>
  permission;
