import { forbidden, refuse } from '../errors.js';
import type { OwnPermission } from './permission-catalogue.js';
import { assertCovered, assertRoleBelow } from './rank.js';
import type { Rights } from './rights.js';
import { attributesOfRole, type RoleFacts } from './role-attributes.js';
import type { Terms } from './role-book.js';

// Who may do what to a role. Mutations ask inside their transactions, `Role.viewerCan…` beforehand: the same functions.
// Rights are undefined for what the service or a command does by itself, which only the nature of system roles binds.

/** @throws FORBIDDEN; Refusal ABOVE_OWN_LEVEL */
export function assertMayCreate(rights: Rights | undefined, role: RoleFacts): void {
  assertHolds(rights, 'role:create', role);
  if (rights) assertRoleBelow(rights, role.level, 'level');
}

/**
 * For the role as it is; and as it will be, so that nobody moves one out of the reach of their own permission.
 * @param field of the input, that is at fault
 * @throws FORBIDDEN; Refusal ABOVE_OWN_LEVEL
 */
export function assertMayUpdate(rights: Rights | undefined, role: RoleFacts, field: string): void {
  assertHolds(rights, 'role:update', role);
  if (rights) assertRoleBelow(rights, role.level, field);
}

/** @throws FORBIDDEN; Refusal SYSTEM_ROLE, ABOVE_OWN_LEVEL */
export function assertMayDelete(rights: Rights | undefined, role: RoleFacts): void {
  assertHolds(rights, 'role:delete', role);
  if (role.isSystem) throw refuse('SYSTEM_ROLE', 'A system role cannot be deleted.', 'roleId');
  if (rights) assertRoleBelow(rights, role.level, 'roleId');
}

/** System roles come with registration and with the administrator flag, and go with them alone. @throws as above */
export function assertMayRevoke(rights: Rights | undefined, role: RoleFacts, field: string): void {
  assertHolds(rights, 'role:grant', role);
  if (role.isSystem) throw refuse('SYSTEM_ROLE', 'A system role is neither given nor taken by itself.', field);
  if (rights) assertRoleBelow(rights, role.level, field);
}

/**
 * @param terms of all that the role permits
 * @throws FORBIDDEN; Refusal SYSTEM_ROLE, ABOVE_OWN_LEVEL
 */
export function assertMayGrant(
  rights: Rights | undefined,
  role: RoleFacts,
  terms: readonly Terms[],
  field: string,
): void {
  assertMayRevoke(rights, role, field);
  if (rights) assertCovered(rights, terms, field);
}

function assertHolds(rights: Rights | undefined, permission: OwnPermission, role: RoleFacts): void {
  if (rights && !rights.may(permission, attributesOfRole(role))) throw forbidden();
}
