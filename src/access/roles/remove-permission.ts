import type { Transaction } from '../../database/transaction.js';
import { isUuid } from '../../database/uuid.js';
import { refuse } from '../../errors.js';
import type { Operation } from '../../operation.js';
import { changesBetween } from '../../security-events/field-changes.js';
import { record } from '../../security-events/record.js';
import { lockRole } from '../lock-role.js';
import { lockCaller } from '../lock-users.js';
import { Permission } from '../permission.entity.js';
import { assertProofForRole } from '../recent-proof.js';
import type { Role } from '../role.entity.js';
import { assertMayUpdate } from '../role-powers.js';
import { callersRightsWithin } from '../standing.js';

/**
 * Removes a permission from its role. The row is kept for explaining past decisions.
 * @returns the permission's id
 * @throws Refusal NOT_FOUND, ABOVE_OWN_LEVEL, REAUTHENTICATION_REQUIRED; FORBIDDEN
 */
export async function removePermission(operation: Operation, permissionId: string): Promise<string> {
  const { clock, database, signals } = operation.services;
  const removedPermissionId = await database.transaction(async (tx) => {
    await lockCaller(tx, operation);
    const { permission, role } = await lockPermission(tx, permissionId);
    assertMayUpdate(await callersRightsWithin(tx, operation), role, 'permissionId');
    await assertProofForRole(tx, operation, role.id);
    permission.removedAt = clock.now();
    const { id, name, resource, action, conditions = null } = permission;
    const removed = { permissionId: id, name, resource, action, conditions };
    const changes = changesBetween<{ permission: string | null }>(
      { permission: `${resource}:${action}` },
      { permission: null },
    );
    record(tx, operation, { type: 'ROLE_UPDATED', details: { roleId: role.id, role: role.name, removed, changes } });
    return id;
  });
  signals.announce('roles');
  return removedPermissionId;
}

/** Locks the role of a permission. Its role never changes and can be read before locking; the rest is read after. */
async function lockPermission(tx: Transaction, id: string): Promise<{ permission: Permission; role: Role }> {
  const named = isUuid(id) ? await tx.em.findOne(Permission, { id }) : null;
  const role = named && (await lockRole(tx, named.roleId, 'edit'));
  const permission = role && (await tx.em.findOne(Permission, { id, removedAt: null }, { refresh: true }));
  if (!permission) throw refuse('NOT_FOUND', 'There is no such permission.', 'permissionId');
  return { permission, role };
}
