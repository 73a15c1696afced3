import { forbidden, refuse } from '../errors.js';
import type { OwnPermission } from '../policy/permission-catalogue.js';
import { assertCovered, assertLasts, assertRoleBelow } from '../policy/rank.js';
import type { Rights } from '../policy/rights.js';
import type { Terms } from '../policy/role-book.js';
import { attributesOfRole, type RoleFacts } from './role-attributes.js';

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

/** @param terms to be added to what the role permits @throws as above */
export function assertMayAdd(rights: Rights | undefined, role: RoleFacts, terms: readonly Terms[]): void {
  assertMayUpdate(rights, role, 'roleId');
  if (rights) assertCovered(rights, terms, 'action');
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

/**
 * Asked beside the former of those who give it to themselves, until an instant: their right to it lasts as long. What
 * they hold until then anyway may be given anew, which is how it is made shorter.
 * @param until in milliseconds since 1970
 * @throws Refusal ABOVE_OWN_LEVEL
 */
export function assertMayGrantOneself(
  rights: Rights,
  role: RoleFacts,
  terms: readonly Terms[],
  until: number,
  field: string,
): void {
  if (until <= rights.heldUntil(role.id)) return;
  assertLasts(rights, until, (then) => assertMayGrant(then, role, terms, field), field);
}

/**
 * Asked beside the former of a change by which the role gives its holders more: the caller, where they are one of them,
 * has the right to it for as long as they hold the role.
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

function assertHolds(rights: Rights | undefined, permission: OwnPermission, role: RoleFacts): void {
  if (rights && !rights.may(permission, attributesOfRole(role))) throw forbidden();
}
