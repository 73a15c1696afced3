import type { Operation } from '../../operation.js';
import { record } from '../../security-events/record.js';
import { lockForEdit } from '../lock-role.js';
import { assertRecentProof } from '../recent-proof.js';
import { assertMayDelete } from '../role-powers.js';

/**
 * Deletes a role: its grants and permissions have no effect from now on. The rows are kept for explaining past
 * decisions.
 * @returns its id
 * @throws Refusal NOT_FOUND, SYSTEM_ROLE, ABOVE_OWN_LEVEL, REAUTHENTICATION_REQUIRED; FORBIDDEN
 */
export async function deleteRole(operation: Operation, roleId: string): Promise<string> {
  const { clock, database, signals } = operation.services;
  const deletedRoleId = await database.transaction(async (tx) => {
    const { role, rights } = await lockForEdit(tx, operation, roleId);
    assertMayDelete(rights, role);
    await assertRecentProof(tx, operation);
    role.deletedAt = clock.now();
    const { id, name, level } = role;
    record(tx, operation, { type: 'ROLE_DELETED', details: { roleId: id, role: name, level } });
    return id;
  });
  signals.announce('roles');
  return deletedRoleId;
}
