import { forbidden, refuse } from '../errors.js';
import type { OwnPermission } from '../policy/permission-catalogue.js';
import { assertCovered, assertLasts, assertRoleBelow } from '../policy/rank.js';
import type { Rights } from '../policy/rights.js';
import type { PermissionTerms } from '../policy/role-book.js';
import { attributesOfRole, type RoleFacts } from './role-attributes.js';

// Rules about roles. Mutations check them inside their transactions, the fields `Role.viewerCan…` beforehand. `rights`
// is undefined when the service itself or a command acts: then only the rules about system roles apply.

/** @throws FORBIDDEN; Refusal ABOVE_OWN_LEVEL */
export function assertMayCreate(rights: Rights | undefined, role: RoleFacts): void {
  assertHolds(rights, 'role:create', role);
  if (rights) assertRoleBelow(rights, role.level, 'level');
}

/**
 * For changing a role. Call it with the role as it is and again as it will be, so that nobody moves a role out of reach
 * of their own permission.
 * @param field name of the input field to blame
 * @throws FORBIDDEN; Refusal ABOVE_OWN_LEVEL
 */
export function assertMayUpdate(rights: Rights | undefined, role: RoleFacts, field: string): void {
  assertHolds(rights, 'role:update', role);
  if (rights) assertRoleBelow(rights, role.level, field);
}

/**
 * For adding permissions to a role: the caller must hold them.
 * @throws FORBIDDEN; Refusal ABOVE_OWN_LEVEL
 */
export function assertMayAdd(rights: Rights | undefined, role: RoleFacts, terms: readonly PermissionTerms[]): void {
  assertMayUpdate(rights, role, 'roleId');
  if (rights) assertCovered(rights, terms, 'action');
}

/** For deleting a role. @throws FORBIDDEN; Refusal SYSTEM_ROLE, ABOVE_OWN_LEVEL */
export function assertMayDelete(rights: Rights | undefined, role: RoleFacts): void {
  assertHolds(rights, 'role:delete', role);
  if (role.isSystem) throw refuse('SYSTEM_ROLE', 'A system role cannot be deleted.', 'roleId');
  if (rights) assertRoleBelow(rights, role.level, 'roleId');
}

/**
 * For revoking a role. System roles are only granted and revoked through registration and the administrator flag.
 * @throws FORBIDDEN; Refusal SYSTEM_ROLE, ABOVE_OWN_LEVEL
 */
export function assertMayRevoke(rights: Rights | undefined, role: RoleFacts, field: string): void {
  assertHolds(rights, 'role:grant', role);
  if (role.isSystem) throw refuse('SYSTEM_ROLE', 'A system role is neither given nor taken by itself.', field);
  if (rights) assertRoleBelow(rights, role.level, field);
}

/**
 * For granting a role: the caller must hold all its permissions.
 * @param terms all permissions of the role
 * @throws FORBIDDEN; Refusal SYSTEM_ROLE, ABOVE_OWN_LEVEL
 */
export function assertMayGrant(
  rights: Rights | undefined,
  role: RoleFacts,
  terms: readonly PermissionTerms[],
  field: string,
): void {
  assertMayRevoke(rights, role, field);
  if (rights) assertCovered(rights, terms, field);
}

/**
 * For callers who grant themselves a role, in addition to `assertMayGrant`: their right to grant it must last as long
 * as the grant. They may shorten a role that they already hold.
 * @param until end of the grant, in milliseconds since 1970
 * @throws Refusal ABOVE_OWN_LEVEL
 */
export function assertMayGrantOneself(
  rights: Rights,
  role: RoleFacts,
  terms: readonly PermissionTerms[],
  until: number,
  field: string,
): void {
  if (until <= rights.heldUntil(role.id)) return;
  assertLasts(rights, until, (then) => assertMayGrant(then, role, terms, field), field);
}

/**
 * For changes that give a role's holders more: if the caller is a holder, the right to make the change must last as
 * long as they hold the role.
 * @param ask the check of the change
 * @throws Refusal ABOVE_OWN_LEVEL
 */
export function assertMayWiden(
  rights: Rights | undefined,
  role: RoleFacts,
  ask: (rights: Rights) => void,
  field: string,
): void {
  if (rights) assertLasts(rights, rights.heldUntil(role.id), ask, field);
}

/** Requires the permission for the role, whatever its level. @throws FORBIDDEN */
export function assertHolds(rights: Rights | undefined, permission: OwnPermission, role: RoleFacts): void {
  if (rights && !rights.may(permission, attributesOfRole(role))) throw forbidden();
}
