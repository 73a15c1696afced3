import type { Transaction } from '../../database/transaction.js';
import { isUuid } from '../../database/uuid.js';
import { type Refusal, refuse } from '../../errors.js';
import type { Operation } from '../../operation.js';
import { changesBetween } from '../../security-events/field-changes.js';
import { record } from '../../security-events/record.js';
import { lockForEdit } from '../lock-role.js';
import { Permission } from '../permission.entity.js';
import { assertProofForRole } from '../proof-for-roles.js';
import type { Role } from '../role.entity.js';

export interface RemovePermission {
  readonly permissionId: string;
  /** Null: the version of the role does not matter. */
  readonly expectedVersion?: number | null | undefined;
}

export interface RemovedPermission {
  readonly removedPermissionId: string;
  readonly role: Role;
}

const field = 'permissionId';
const noSuchPermission = (): Refusal => refuse('NOT_FOUND', 'There is no such permission.', field);

/**
 * Removes a permission from its role. The row is kept for explaining past decisions.
 * @throws Refusal NOT_FOUND, VERSION_CONFLICT, ABOVE_OWN_LEVEL, REAUTHENTICATION_REQUIRED; FORBIDDEN
 */
export async function removePermission(
  operation: Operation,
  { permissionId, expectedVersion }: RemovePermission,
): Promise<RemovedPermission> {
  const { database, signals } = operation.services;
  const removed = await database.transaction(async (tx) => {
    const roleId = await roleOf(tx, permissionId);
    const target = { roleId, expectedVersion, field, unknown: noSuchPermission() };
    const { role } = await lockForEdit(tx, operation, target);
    const permission = await livingPermission(tx, permissionId);
    await assertProofForRole(tx, operation, role.id);
    endPermission(tx, operation, role, permission);
    return { removedPermissionId: permission.id, role };
  });
  signals.announce('roles');
  return removed;
}

/** The role of a permission never changes, so it can be read before it is locked. @throws Refusal NOT_FOUND */
async function roleOf(tx: Transaction, id: string): Promise<string> {
  const permission = isUuid(id) ? await tx.em.findOne(Permission, { id }) : null;
  if (!permission) throw noSuchPermission();
  return permission.roleId;
}

/** Call it while the role is locked. @throws Refusal NOT_FOUND */
async function livingPermission(tx: Transaction, id: string): Promise<Permission> {
  const permission = await tx.em.findOne(Permission, { id, removedAt: null }, { refresh: true });
  if (!permission) throw noSuchPermission();
  return permission;
}

/** Removes a permission of a role that is locked, after all checks. */
export function endPermission(tx: Transaction, operation: Operation, role: Role, permission: Permission): void {
  permission.removedAt = operation.services.clock.now();
  role.version += 1;
  const { id, name, resource, action, conditions = null } = permission;
  const removed = { permissionId: id, name, resource, action, conditions };
  const changes = changesBetween<{ permission: string | null }>(
    { permission: `${resource}:${action}` },
    { permission: null },
  );
  record(tx, operation, { type: 'ROLE_UPDATED', details: { roleId: role.id, role: role.name, removed, changes } });
}
