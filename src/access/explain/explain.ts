import type { Asked } from '../../policy/access-check.js';
import { type Clause, clausesOf, missesOf } from '../../policy/condition-clauses.js';
import { type BookedPermission, type BookedRole, reaches } from '../../policy/role-book.js';
import type { Role } from '../role.entity.js';
import type { RoleGrant } from '../role-grant.entity.js';
import type { Past, PastGrant } from './past.js';

/** Of several reasons for a refusal the first in this order is told; which of the two of paths, the nearest path says. */
export enum AccessReason {
  ADMINISTRATOR = 'ADMINISTRATOR',
  GRANTED = 'GRANTED',
  ACCOUNT_INACTIVE = 'ACCOUNT_INACTIVE',
  SCOPE_MISSING = 'SCOPE_MISSING',
  CONDITION_NOT_MET = 'CONDITION_NOT_MET',
  GRANT_INACTIVE = 'GRANT_INACTIVE',
  NO_PERMISSION = 'NO_PERMISSION',
}

/** From a grant by its role to a permission that reaches what is asked. */
interface AccessPath {
  readonly grant: RoleGrant;
  readonly role: Role;
  readonly permission: BookedPermission;
  /** Whether the grant counted at the instant. */
  readonly isActive: boolean;
  /** Whether it counted and the conditions are met. */
  readonly satisfied: boolean;
  readonly clauses: readonly Clause[];
}

export interface Explanation {
  readonly allowed: boolean;
  readonly reason: AccessReason;
  readonly paths: readonly AccessPath[];
}

/** Told of one decision. */
export const mostPaths = 200;

/** The verdict is the rights' own; the paths only tell how it came about. */
export function explain(past: Past, asked: Asked): Explanation {
  const { action, resource, attributes, isNamed } = asked;
  if (!isNamed) return { allowed: false, reason: AccessReason.NO_PERMISSION, paths: [] };
  const paths = pathsOf(past, asked).sort(nearestFirst);
  const allowed = past.rights.allows(action, resource, attributes);
  return {
    allowed,
    reason: allowed ? reasonOfGrant(past) : reasonOfRefusal(past, asked, paths[0]),
    paths: explained(past, asked, paths.slice(0, mostPaths)),
  };
}

type Path = Omit<AccessPath, 'role' | 'satisfied' | 'clauses'> & {
  readonly role: BookedRole;
  /** What would have to be otherwise: the grant, and clauses. */
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
 * A satisfied path has no obstacle, so this is the order of both answers. Of two with as many a grant that is over comes
 * first: it can be given again, while a condition asks for another object.
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

/** Many grants may lead to one permission, whose clauses are the same by each. */
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

/** What else it permits is asked as of now. */
const withoutPermissions = ({ permissions: _permissions, ...role }: BookedRole): Role => role;

const longestShown = 500;

/** One long attribute may be asked for by many clauses. */
function shortened(clause: Clause): Clause {
  const json = JSON.stringify(clause.actual);
  return json.length > longestShown ? { ...clause, actual: `${json.slice(0, longestShown)}…` } : clause;
}
