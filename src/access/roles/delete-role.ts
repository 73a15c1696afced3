import type { Operation } from '../../operation.js';
import { record } from '../../security-events/record.js';
import { lockForEdit } from '../lock-role.js';
import { assertMayDelete } from '../role-powers.js';

/**
 * From now on the role gives nobody anything. What it permitted and who held it stays, for whoever asks for the past.
 * @returns its id
 * @throws Refusal NOT_FOUND, SYSTEM_ROLE, ABOVE_OWN_LEVEL; FORBIDDEN
 */
export async function deleteRole(operation: Operation, roleId: string): Promise<string> {
  const { clock, database, signals } = operation.services;
  const deletedRoleId = await database.transaction(async (em) => {
    const { role, rights } = await lockForEdit(em, operation, roleId);
    assertMayDelete(rights, role);
    role.deletedAt = clock.now();
    const { id, name, level } = role;
    record(em, operation, { type: 'ROLE_DELETED', details: { roleId: id, role: name, level } });
    return id;
  });
  signals.announce('roles');
  return deletedRoleId;
}
