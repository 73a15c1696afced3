import type { Operation } from '../../operation.js';
import { addPermission } from './add-permission.js';
import { createRole } from './create-role.js';
import { deleteRole } from './delete-role.js';
import { removePermission } from './remove-permission.js';
import type { RolePlan } from './role-plan.js';
import { updateRole } from './update-role.js';

/**
 * Does what the plans say, in one transaction: all of it, or nothing.
 * @throws the refusal of the first change that is refused
 */
export async function applyRolePlans(operation: Operation, plans: readonly RolePlan[]): Promise<void> {
  const { services } = operation;
  await services.database.transaction(async (tx) => {
    const joined = Object.assign(Object.create(services), { database: services.database.joining(tx) });
    for (const plan of plans) await apply({ ...operation, services: joined }, plan);
  });
  services.signals.announce('roles');
}

async function apply(operation: Operation, { role, isDeleted, ...plan }: RolePlan): Promise<void> {
  if (role && isDeleted) return void (await deleteRole(operation, { roleId: role.id }));
  const { name, level, description } = plan;
  const roleId = role?.id ?? (await createRole(operation, { name, level: level ?? 0, description })).id;
  if (role && (level !== undefined || description !== undefined))
    await updateRole(operation, { roleId, level, ...(description !== undefined && { description }) });
  for (const { id: permissionId } of plan.removals) await removePermission(operation, { permissionId });
  for (const terms of plan.additions) await addPermission(operation, { roleId, ...terms });
}
