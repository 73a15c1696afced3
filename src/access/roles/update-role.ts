import type { Transaction } from '../../database/transaction.js';
import { refuse } from '../../errors.js';
import type { Operation } from '../../operation.js';
import type { Rights } from '../../policy/rights.js';
import { changesBetween } from '../../security-events/field-changes.js';
import { record } from '../../security-events/record.js';
import { lockForEdit } from '../lock-role.js';
import { assertProofForRole } from '../proof-for-roles.js';
import type { Role } from '../role.entity.js';
import type { RoleFacts } from '../role-attributes.js';
import { RoleName } from '../role-name.entity.js';
import { assertMayUpdate, assertMayWiden } from '../role-powers.js';
import {
  assertUnlikeOthers,
  checkedDescription,
  checkedLevel,
  checkedRoleName,
  refuseTakenName,
} from './role-terms.js';

export interface UpdateRole extends RoleDetails {
  readonly roleId: string;
  /** Null: the version does not matter. */
  readonly expectedVersion?: number | null | undefined;
}

/** What a role says of itself. */
export interface RoleDetails {
  /** Null or absent: unchanged. */
  readonly name?: string | null | undefined;
  /** Null: removed. Absent: unchanged. */
  readonly description?: string | null | undefined;
  /** Null or absent: unchanged. */
  readonly level?: number | null | undefined;
}

export type DetailChanges = Partial<Pick<Role, 'name' | 'description' | 'level'>>;
type Detailed = Pick<Role, 'id' | 'name' | 'description' | 'level' | 'isSystem'>;

/**
 * Changes a role's name, level or description. Of a system role only the description can be changed.
 * @throws Refusal NOT_FOUND, INVALID_INPUT, VERSION_CONFLICT, NAME_TAKEN, SYSTEM_ROLE, ABOVE_OWN_LEVEL,
 * REAUTHENTICATION_REQUIRED; FORBIDDEN
 */
export async function updateRole(operation: Operation, input: UpdateRole): Promise<Role> {
  const { database, signals } = operation.services;
  const change = async (tx: Transaction) => {
    const { role, rights } = await lockForEdit(tx, operation, input);
    const changes = detailChanges(role, input);
    assertMayChange(rights, role, changes);
    if (changes.name !== undefined) await assertUnlikeOthers(tx, changes.name, role.id);
    if (Object.keys(changes).length === 0) return role;
    await assertProofForRole(tx, operation, role.id);
    changeDetails(tx, operation, role, changes);
    return role;
  };
  const role = await database.transaction(change).catch(refuseTakenName);
  signals.announce('roles');
  return role;
}

function assertMayChange(rights: Rights | undefined, role: Detailed, changes: DetailChanges): void {
  assertMayUpdate(rights, factsAfter(role, changes), 'level');
  assertMayWidenBy(rights, role, changes);
}

/**
 * A higher level gives a role's holders more, and so may another name: conditions may refer to role names.
 * @throws Refusal ABOVE_OWN_LEVEL
 */
export function assertMayWidenBy(rights: Rights | undefined, role: Detailed, changes: DetailChanges): void {
  const ask = (then: Rights) => assertMayUpdate(then, factsAfter(role, changes), 'level');
  if (changes.name !== undefined) assertMayWiden(rights, role, ask, 'name');
  if ((changes.level ?? role.level) > role.level) assertMayWiden(rights, role, ask, 'level');
}

const factsAfter = ({ id, name, level, isSystem }: Detailed, changes: DetailChanges): RoleFacts => ({
  id,
  name,
  level,
  isSystem,
  ...changes,
});

/** @returns the fields that the input changes @throws Refusal INVALID_INPUT, SYSTEM_ROLE */
export function detailChanges(role: Detailed, input: RoleDetails): DetailChanges {
  const changes: DetailChanges = {
    ...(input.name != null && input.name !== role.name && { name: checkedRoleName(input.name) }),
    ...(input.level != null && { level: input.level === role.level ? role.level : checkedLevel(input.level) }),
    ...(input.description !== undefined &&
      input.description !== role.description && { description: checkedDescription(input.description) }),
  };
  for (const field of ['name', 'level', 'description'] as const)
    if (changes[field] === role[field]) delete changes[field];
  const fixed = role.isSystem && (['name', 'level'] as const).find((field) => field in changes);
  if (fixed) throw refuse('SYSTEM_ROLE', 'Of a system role only description and permissions change.', fixed);
  return changes;
}

/** Sets details that have been checked. Call it while the role is locked. */
export function changeDetails(tx: Transaction, operation: Operation, role: Role, changes: DetailChanges): void {
  const now = operation.services.clock.now();
  const before = Object.fromEntries(Object.keys(changes).map((field) => [field, role[field as keyof DetailChanges]]));
  Object.assign(role, changes, { updatedAt: now, version: role.version + 1 });
  if (changes.name) tx.em.create(RoleName, { roleId: role.id, name: changes.name, since: now }, { persist: true });
  const told = { before, after: changes, changes: changesBetween(before, changes) };
  const details = { roleId: role.id, role: role.name, ...told };
  record(tx, operation, { type: 'ROLE_UPDATED', details });
}
