import { Rights, type Standing } from '../../policy/rights.js';
import { type BookedRole, bookOf, type PermissionRow, RoleBook } from '../../policy/role-book.js';
import type { Role } from '../role.entity.js';
import type { RoleGrant } from '../role-grant.entity.js';

/** A user's rights at an instant, with the grants and roles that explain them. */
export interface Past {
  readonly rights: Rights;
  /** Every grant that had started by then, including ended ones. */
  readonly grants: readonly PastGrant[];
  /** The roles of those grants as they were at the instant, or when they were deleted. */
  readonly roles: ReadonlyMap<string, BookedRole>;
}

export interface PastGrant {
  readonly grant: RoleGrant;
  /** True when the grant was in force at the instant. */
  readonly isActive: boolean;
}

/** The recorded facts; instants in milliseconds since 1970. */
export interface PastRecord {
  readonly account: Omit<Standing, 'held'>;
  readonly grants: readonly GrantRecord[];
  /** Highest level first. */
  readonly roles: readonly RoleRecord[];
  /** Undefined without an API token; empty when the token was not valid at the instant. */
  readonly scopes?: readonly string[];
}

type Timed<T, Times extends keyof T> = Omit<T, Times> & { readonly [Time in Times]-?: number | null };

export type GrantRecord = Timed<Omit<RoleGrant, 'expiryAnnouncedAt'>, 'expiresAt' | 'revokedAt' | 'grantedAt'> & {
  readonly grantedAt: number;
  /** True when the grant had been revoked by then, by itself or by the deletion of its role. */
  readonly isRevoked: boolean;
};

export type RoleRecord = Timed<Role, 'createdAt' | 'updatedAt' | 'deletedAt'> & {
  readonly permissions: readonly PermissionRow[];
  readonly isLiving: boolean;
};

/** Roles as they were at an instant, compiled. */
export interface PastRoles {
  readonly booked: readonly BookedRole[];
  /** Ids of those that existed then. */
  readonly living: ReadonlySet<string>;
  /** Those that existed then. */
  readonly book: RoleBook;
}

export function pastRolesOf(roles: readonly RoleRecord[]): PastRoles {
  const booked = bookOf(roles.map(roleOf)).roles;
  const living = new Set(roles.filter(({ isLiving }) => isLiving).map(({ id }) => id));
  return { booked, living, book: new RoleBook(booked.filter(({ id }) => living.has(id))) };
}

/** Builds the rights that would have been enforced, with a clock that is fixed at the instant. */
export const pastOf = (record: PastRecord, at: Date): Past => pastWith(record, pastRolesOf(record.roles), at);

/**
 * Like `pastOf`.
 * @param roles compiled before, for many instants between which no role changed
 */
export function pastWith(
  { account, grants, scopes }: Omit<PastRecord, 'roles'>,
  { booked, living, book }: PastRoles,
  at: Date,
): Past {
  const held = grants
    .filter(({ isRevoked }) => !isRevoked)
    .map(({ roleId, grantedAt, expiresAt }) => ({
      roleId,
      from: grantedAt,
      until: expiresAt ?? Number.POSITIVE_INFINITY,
    }));
  const countsThen = ({ isRevoked, roleId, expiresAt }: GrantRecord) =>
    !isRevoked && living.has(roleId) && (expiresAt === null || expiresAt > at.getTime());
  return {
    rights: new Rights({ ...account, held }, book, { now: () => at }, scopes ?? null),
    grants: grants.map((grant) => ({ grant: grantOf(grant), isActive: countsThen(grant) })),
    roles: new Map(booked.map((role) => [role.id, role])),
  };
}

const instantOf = (milliseconds: number | null): Date | null => (milliseconds === null ? null : new Date(milliseconds));

export const roleOf = ({ isLiving: _isLiving, createdAt, updatedAt, deletedAt, ...role }: RoleRecord) => ({
  ...role,
  createdAt: new Date(createdAt ?? 0),
  updatedAt: new Date(updatedAt ?? 0),
  deletedAt: instantOf(deletedAt),
});

export const grantOf = ({
  isRevoked: _isRevoked,
  grantedAt,
  expiresAt,
  revokedAt,
  ...grant
}: GrantRecord): RoleGrant => ({
  ...grant,
  grantedAt: new Date(grantedAt),
  expiresAt: instantOf(expiresAt),
  revokedAt: instantOf(revokedAt),
});
