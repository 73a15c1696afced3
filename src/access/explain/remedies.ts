import type { Operation } from '../../operation.js';
import type { Asked } from '../../policy/access-check.js';
import { missesOf } from '../../policy/condition-clauses.js';
import { Rights } from '../../policy/rights.js';
import { type BookedPermission, type BookedRole, RoleBook, reaches } from '../../policy/role-book.js';
import { widerConditions } from '../../policy/wider-conditions.js';
import type { Role } from '../role.entity.js';
import type { RoleGrant } from '../role-grant.entity.js';
import { isAcceptable, type NamedPermissionTerms } from '../roles/permission-terms.js';
import { mayReadRole } from '../roles/readable-roles.js';
import type { Past } from './past.js';

/** What would change a refusal into a permission. */
export enum RemedyKind {
  REACTIVATE_ACCOUNT = 'REACTIVATE_ACCOUNT',
  RENEW_GRANT = 'RENEW_GRANT',
  GRANT_ROLE = 'GRANT_ROLE',
  WIDEN_CONDITIONS = 'WIDEN_CONDITIONS',
}

/** A change to a role, in the form of the input of `previewRoleChange`. */
interface Proposal {
  readonly roleId: string;
  readonly removePermissionIds: readonly string[];
  readonly addPermissions: readonly NamedPermissionTerms[];
  readonly grantTo: readonly string[];
}

export interface Remedy {
  readonly kind: RemedyKind;
  readonly role: Role | null;
  /** The last grant of the role, which has ended. */
  readonly grant: RoleGrant | null;
  /** The permission whose conditions would be others. */
  readonly permission: BookedPermission | null;
  readonly change: Proposal | null;
}

/** A refusal with the facts that it was decided by. */
export interface Refused {
  readonly past: Past;
  readonly check: Asked;
  readonly at: Date;
}

/** Most remedies of one decision, and how many of them may be changes of conditions. */
export const mostRemedies = 10;
const mostWidenings = 3;

/**
 * Finds single changes each of which alone would make a refusal of now, or of a future instant, a permission, with roles
 * that the caller may read. Those that give least come first: changes for this user before changes of conditions, which
 * concern everybody with the role; then lower levels, and roles with fewer other permissions.
 */
export async function remediesOf(operation: Operation, refused: Refused): Promise<Remedy[]> {
  const { past, check } = refused;
  const { isActive } = past.rights.standing;
  if (!isActive)
    return rightsWith(refused, [...past.roles.values()], true).allows(...askedBy(check)) ? [reactivation] : [];
  if (!past.rights.isInScope(check.action, check.resource)) return [];
  const book = await operation.services.roleCatalogue.current();
  const roles = book.roles.filter((role) => mayReadRole(operation.caller, role));
  const widenings = wideningsOf(refused, roles).slice(0, mostWidenings);
  return [...grantsOf(refused, roles).slice(0, mostRemedies - widenings.length), ...widenings];
}

const reactivation: Remedy = {
  kind: RemedyKind.REACTIVATE_ACCOUNT,
  role: null,
  grant: null,
  permission: null,
  change: null,
};

const askedBy = ({ action, resource, attributes }: Asked) => [action, resource, attributes] as const;

/** The user's rights at the instant, with these roles as they would be. */
function rightsWith({ past, at }: Refused, roles: readonly BookedRole[], isActive: boolean, granted?: string): Rights {
  const { standing, scopes } = past.rights;
  const given = granted ? [{ roleId: granted, from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY }] : [];
  const held = [...standing.held, ...given];
  return new Rights({ ...standing, isActive, held }, new RoleBook(roles), { now: () => at }, scopes);
}

function grantsOf(refused: Refused, roles: readonly BookedRole[]): Remedy[] {
  const { past, check } = refused;
  const held = past.rights.rules.roles;
  const others = (role: BookedRole) => role.permissions.length - reaching(role, check).length;
  return roles
    .filter((role) => !role.isSystem && !held.some(({ id }) => id === role.id) && reaching(role, check).length > 0)
    .filter((role) => {
      const known = [...past.rights.rules.roles, role].map((one) => ({ ...one, permissions: reaching(one, check) }));
      return rightsWith(refused, known, true, role.id).allows(...askedBy(check));
    })
    .sort((one, other) => one.level - other.level || others(one) - others(other) || (one.name < other.name ? -1 : 1))
    .map((role) => granting(refused, role));
}

function granting({ past }: Refused, role: BookedRole): Remedy {
  const former = past.grants.find(({ grant }) => grant.roleId === role.id)?.grant ?? null;
  return {
    kind: former ? RemedyKind.RENEW_GRANT : RemedyKind.GRANT_ROLE,
    role: withoutPermissions(role),
    grant: former,
    permission: null,
    change: { ...noChange, roleId: role.id, grantTo: [past.rights.standing.userId] },
  };
}

const noChange = { removePermissionIds: [], addPermissions: [], grantTo: [] };

const reaching = ({ permissions }: BookedRole, { action, resource }: Asked): BookedPermission[] =>
  permissions.filter((permission) => reaches(permission, action, resource));

const withoutPermissions = ({ permissions: _permissions, ...role }: BookedRole): Role => role;

/** For each permission of a role that the user holds, the conditions that would match and be taken; the nearest first. */
function wideningsOf({ past, check }: Refused, roles: readonly BookedRole[]): Remedy[] {
  const { rules, binding } = past.rights;
  const { attributes } = check;
  const held = roles.filter((role) => rules.roles.some(({ id }) => id === role.id));
  const ways = held.flatMap((role) => reaching(role, check).map((permission) => ({ role, permission })));
  return ways
    .flatMap(({ role, permission }) => {
      const conditions = permission.conditions && widerConditions(permission.conditions, { attributes, binding });
      const misses = permission.predicate ? missesOf(permission.predicate, attributes, binding) : 0;
      const isOffered = conditions && misses > 0 && isAcceptable({ ...permission, conditions });
      return isOffered ? [{ role, misses, remedy: widening(role, permission, conditions) }] : [];
    })
    .sort((one, other) => one.misses - other.misses || one.role.level - other.role.level)
    .map(({ remedy }) => remedy);
}

function widening(
  role: BookedRole,
  permission: BookedPermission,
  conditions: NamedPermissionTerms['conditions'],
): Remedy {
  const { id, name, resource, action } = permission;
  const change = {
    ...noChange,
    roleId: role.id,
    removePermissionIds: [id],
    addPermissions: [{ name, resource, action, conditions }],
  };
  return { kind: RemedyKind.WIDEN_CONDITIONS, role: withoutPermissions(role), grant: null, permission, change };
}
