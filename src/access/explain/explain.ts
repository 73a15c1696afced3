import type { Asked } from '../../policy/access-check.js';
import { type Clause, clausesOf, missesOf } from '../../policy/condition-clauses.js';
import { type BookedPermission, type BookedRole, reaches } from '../../policy/role-book.js';
import type { Role } from '../role.entity.js';
import type { RoleGrant } from '../role-grant.entity.js';
import type { Past, PastGrant } from './past.js';

/**
 * Why access is allowed or refused. When several reasons for a refusal apply, the first in this order is reported; the
 * nearest path decides between CONDITION_NOT_MET and GRANT_INACTIVE.
 */
export enum AccessReason {
  ADMINISTRATOR = 'ADMINISTRATOR',
  GRANTED = 'GRANTED',
  ACCOUNT_INACTIVE = 'ACCOUNT_INACTIVE',
  SCOPE_MISSING = 'SCOPE_MISSING',
  CONDITION_NOT_MET = 'CONDITION_NOT_MET',
  GRANT_INACTIVE = 'GRANT_INACTIVE',
  NO_PERMISSION = 'NO_PERMISSION',
}

/** A way to access: a grant, its role, and a permission of the role that applies to the question. */
export interface AccessPath {
  readonly grant: RoleGrant;
  readonly role: Role;
  readonly permission: BookedPermission;
  /** True when the grant was in force at the instant. */
  readonly isActive: boolean;
  /** True when the grant was in force and the conditions match. */
  readonly satisfied: boolean;
  readonly clauses: readonly Clause[];
}

export interface Answer {
  readonly allowed: boolean;
  readonly reason: AccessReason;
}

export interface Explanation extends Answer {
  readonly paths: readonly AccessPath[];
}

/** Most paths in one explanation. */
export const mostPaths = 200;

/** Explains a decision. `Rights` decides; the paths only show how the decision came about. */
export function explain(past: Past, asked: Asked): Explanation {
  if (!asked.isNamed) return { ...unnamed, paths: [] };
  const paths = pathsOf(past, asked).sort(nearestFirst);
  return { ...answered(past, asked, paths[0]), paths: explained(past, asked, paths.slice(0, mostPaths)) };
}

/** The same decision without its paths. */
export function answerOf(past: Past, asked: Asked): Answer {
  if (!asked.isNamed) return unnamed;
  const [first, ...others] = pathsOf(past, asked);
  const nearest = others.reduce((one, other) => (one && nearestFirst(one, other) <= 0 ? one : other), first);
  return answered(past, asked, nearest);
}

const unnamed: Answer = { allowed: false, reason: AccessReason.NO_PERMISSION };

function answered(past: Past, asked: Asked, nearest: Path | undefined): Answer {
  const allowed = past.rights.allows(asked.action, asked.resource, asked.attributes);
  return { allowed, reason: allowed ? reasonOfGrant(past) : reasonOfRefusal(past, asked, nearest) };
}

type Path = Omit<AccessPath, 'role' | 'satisfied' | 'clauses'> & {
  readonly role: BookedRole;
  /** Number of things that would have to change: the grant, and clauses. */
  readonly obstacles: number;
};

function pathsOf(past: Past, { action, resource, attributes }: Asked): Path[] {
  const { binding } = past.rights;
  const misses = ({ predicate }: BookedPermission) => (predicate ? missesOf(predicate, attributes, binding) : 0);
  const ofRole = [...past.roles.values()].map((role) => {
    const reaching = role.permissions.filter((permission) => reaches(permission, action, resource));
    return [role.id, reaching.map((permission) => ({ role, permission, misses: misses(permission) }))] as const;
  });
  const byRole = new Map(ofRole);
  const pathsBy = ({ grant, isActive }: PastGrant): Path[] =>
    (byRole.get(grant.roleId) ?? []).map(({ misses, ...way }) => ({
      ...way,
      grant,
      isActive,
      obstacles: misses + (isActive ? 0 : 1),
    }));
  return past.grants.flatMap(pathsBy);
}

/**
 * Fewest obstacles first, so satisfied paths come first. Among equals a path whose grant has ended comes first, because
 * a grant can be given again while an unmet condition would need a different object; then the newest grant.
 */
const nearestFirst = (one: Path, other: Path): number =>
  one.obstacles - other.obstacles ||
  Number(one.isActive) - Number(other.isActive) ||
  other.grant.grantedAt.getTime() - one.grant.grantedAt.getTime();

const reasonOfGrant = ({ rights }: Past): AccessReason =>
  rights.standing.isAdmin ? AccessReason.ADMINISTRATOR : AccessReason.GRANTED;

function reasonOfRefusal({ rights }: Past, { action, resource }: Asked, nearest: Path | undefined): AccessReason {
  if (!rights.standing.isActive) return AccessReason.ACCOUNT_INACTIVE;
  if (!rights.isInScope(action, resource)) return AccessReason.SCOPE_MISSING;
  if (!nearest) return AccessReason.NO_PERMISSION;
  return nearest.isActive ? AccessReason.CONDITION_NOT_MET : AccessReason.GRANT_INACTIVE;
}

/** Computes the clauses once per permission: many grants may lead to the same one. */
function explained({ rights }: Past, { attributes }: Asked, paths: readonly Path[]): AccessPath[] {
  const clausesOfEach = new Map<BookedPermission, readonly Clause[]>();
  const clausesIn = (permission: BookedPermission): readonly Clause[] => {
    const { predicate } = permission;
    const known = clausesOfEach.get(permission);
    if (known || !predicate) return known ?? [];
    const clauses = clausesOf(predicate, attributes, rights.binding).map(shortened);
    clausesOfEach.set(permission, clauses);
    return clauses;
  };
  return paths.map(({ obstacles, role, ...path }) => ({
    ...path,
    role: withoutPermissions(role),
    satisfied: obstacles === 0,
    clauses: clausesIn(path.permission),
  }));
}

/** Drops the permissions: the API resolves them as of now, not as of the instant. */
const withoutPermissions = ({ permissions: _permissions, ...role }: BookedRole): Role => role;

const longestShown = 500;

/** Shortens a long attribute, because many clauses may repeat it. */
function shortened(clause: Clause): Clause {
  const json = JSON.stringify(clause.actual);
  return json.length > longestShown ? { ...clause, actual: `${json.slice(0, longestShown)}…` } : clause;
}
