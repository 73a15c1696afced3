import { Rights, type Standing } from '../../policy/rights.js';
import { type BookedRole, bookOf, type PermissionRow, RoleBook } from '../../policy/role-book.js';
import type { Role } from '../role.entity.js';
import type { RoleGrant } from '../role-grant.entity.js';

/** What decided about a user at an instant, and what would have before. */
export interface Past {
  readonly rights: Rights;
  /** Every grant begun by then, ended ones too. */
  readonly grants: readonly PastGrant[];
  /** Every role of those grants, as it was then, or when it was deleted. */
  readonly roles: ReadonlyMap<string, BookedRole>;
}

export interface PastGrant {
  readonly grant: RoleGrant;
  /** Whether it counted at that instant. */
  readonly isActive: boolean;
}

/** What was on record; instants in milliseconds since 1970. */
export interface PastRecord {
  readonly account: Omit<Standing, 'held'>;
  readonly grants: readonly GrantRecord[];
  /** Highest first. */
  readonly roles: readonly RoleRecord[];
  /** Undefined: no API token is asked about. One that did not live then has none. */
  readonly scopes?: readonly string[];
}

type Timed<T, Times extends keyof T> = Omit<T, Times> & { readonly [Time in Times]-?: number | null };

export type GrantRecord = Timed<Omit<RoleGrant, 'expiryAnnouncedAt'>, 'expiresAt' | 'revokedAt' | 'grantedAt'> & {
  readonly grantedAt: number;
  /** By then, and whether by itself or with its role. */
  readonly isRevoked: boolean;
};

export type RoleRecord = Timed<Role, 'createdAt' | 'updatedAt' | 'deletedAt'> & {
  readonly permissions: readonly PermissionRow[];
  readonly isLiving: boolean;
};

/** The same rights that would have been enforced, by a clock that stands at that instant. */
export function pastOf({ account, grants, roles, scopes }: PastRecord, at: Date): Past {
  const booked = bookOf(roles.map(roleOf)).roles;
  const living = new Set(roles.filter(({ isLiving }) => isLiving).map(({ id }) => id));
  const held = grants
    .filter(({ isRevoked }) => !isRevoked)
    .map(({ roleId, grantedAt, expiresAt }) => ({
      roleId,
      from: grantedAt,
      until: expiresAt ?? Number.POSITIVE_INFINITY,
    }));
  const book = new RoleBook(booked.filter(({ id }) => living.has(id)));
  const countsThen = ({ isRevoked, roleId, expiresAt }: GrantRecord) =>
    !isRevoked && living.has(roleId) && (expiresAt === null || expiresAt > at.getTime());
  return {
    rights: new Rights({ ...account, held }, book, { now: () => at }, scopes ?? null),
    grants: grants.map((grant) => ({ grant: grantOf(grant), isActive: countsThen(grant) })),
    roles: new Map(booked.map((role) => [role.id, role])),
  };
}

const instant = (milliseconds: number | null): Date | null => (milliseconds === null ? null : new Date(milliseconds));

const roleOf = ({ isLiving: _isLiving, createdAt, updatedAt, deletedAt, ...role }: RoleRecord) => ({
  ...role,
  createdAt: new Date(createdAt ?? 0),
  updatedAt: new Date(updatedAt ?? 0),
  deletedAt: instant(deletedAt),
});

const grantOf = ({ isRevoked: _isRevoked, grantedAt, expiresAt, revokedAt, ...grant }: GrantRecord): RoleGrant => ({
  ...grant,
  grantedAt: new Date(grantedAt),
  expiresAt: instant(expiresAt),
  revokedAt: instant(revokedAt),
});
