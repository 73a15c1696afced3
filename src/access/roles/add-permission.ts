import type { Transaction } from '../../database/transaction.js';
import { refuse } from '../../errors.js';
import type { Operation } from '../../operation.js';
import type { PermissionTerms } from '../../policy/role-book.js';
import { changesBetween } from '../../security-events/field-changes.js';
import { record } from '../../security-events/record.js';
import { lockForEdit } from '../lock-role.js';
import { Permission } from '../permission.entity.js';
import { assertProofForRole } from '../proof-for-roles.js';
import type { Role } from '../role.entity.js';
import { assertMayAdd, assertMayWiden } from '../role-powers.js';
import {
  assertRoomBeside,
  checkedPermission,
  type NamedPermissionTerms,
  type NewPermission,
} from './permission-terms.js';

export interface AddPermission extends NewPermission {
  readonly roleId: string;
  /** Null: the version of the role does not matter. */
  readonly expectedVersion?: number | null | undefined;
}

export interface AddedPermission {
  readonly permission: Permission;
  readonly role: Role;
}

/**
 * Adds a permission to a role. Refused with NAME_TAKEN when the role already has one for this resource and action.
 * @throws Refusal NOT_FOUND, INVALID_INPUT, VERSION_CONFLICT, NAME_TAKEN, ABOVE_OWN_LEVEL,
 * REAUTHENTICATION_REQUIRED; FORBIDDEN
 */
export async function addPermission(operation: Operation, input: AddPermission): Promise<AddedPermission> {
  const { database, signals } = operation.services;
  const terms = checkedPermission(input);
  const added = await database.transaction(async (tx) => {
    const { role, rights } = await lockForEdit(tx, operation, input);
    assertMayAdd(rights, role, [terms]);
    assertMayWiden(rights, role, (then) => assertMayAdd(then, role, [terms]), 'roleId');
    await assertRoom(tx, role.id, terms);
    await assertProofForRole(tx, operation, role.id);
    return { role, permission: insertPermission(tx, operation, role, terms) };
  });
  signals.announce('roles');
  return added;
}

/** Adds a permission that has been checked. Call it while the role is locked. */
export function insertPermission(
  tx: Transaction,
  operation: Operation,
  role: Role,
  terms: NamedPermissionTerms,
): Permission {
  const row = { ...terms, roleId: role.id, createdAt: operation.services.clock.now() };
  const permission = tx.em.create(Permission, row, { persist: true });
  role.version += 1;
  const changes = changesBetween<{ permission: string | null }>(
    { permission: null },
    { permission: `${terms.resource}:${terms.action}` },
  );
  const details = { roleId: role.id, role: role.name, added: { permissionId: permission.id, ...terms }, changes };
  record(tx, operation, { type: 'ROLE_UPDATED', details });
  return permission;
}

/** Call while the role is locked. @throws Refusal NAME_TAKEN, INVALID_INPUT */
async function assertRoom(tx: Transaction, roleId: string, { resource, action }: PermissionTerms): Promise<void> {
  if ((await tx.em.count(Permission, { roleId, resource, action, removedAt: null })) > 0)
    throw refuse('NAME_TAKEN', `The role permits ${resource}:${action} already; remove that first.`, 'action');
  assertRoomBeside(await tx.em.count(Permission, { roleId, removedAt: null }));
}
