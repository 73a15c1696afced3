import type { Operation } from '../../operation.js';
import { assertRecentProof } from '../../recent-proof.js';
import { record } from '../../security-events/record.js';
import { lockForEdit, type RoleTarget } from '../lock-role.js';
import { assertMayDelete } from '../role-powers.js';

/**
 * Deletes a role: its grants and permissions have no effect from now on. The rows are kept for explaining past
 * decisions.
 * @returns its id
 * @throws Refusal NOT_FOUND, VERSION_CONFLICT, SYSTEM_ROLE, ABOVE_OWN_LEVEL, REAUTHENTICATION_REQUIRED; FORBIDDEN
 */
export async function deleteRole(
  operation: Operation,
  target: Pick<RoleTarget, 'roleId' | 'expectedVersion'>,
): Promise<string> {
  const { clock, database, signals } = operation.services;
  const deletedRoleId = await database.transaction(async (tx) => {
    const { role } = await lockForEdit(tx, operation, target, assertMayDelete);
    await assertRecentProof(tx, operation);
    role.deletedAt = clock.now();
    role.version += 1;
    const { id, name, level } = role;
    record(tx, operation, { type: 'ROLE_DELETED', details: { roleId: id, role: name, level } });
    return id;
  });
  signals.announce('roles');
  return deletedRoleId;
}
