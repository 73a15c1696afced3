import { takeAdvisoryLock } from '../../database/advisory-locks.js';
import type { Transaction } from '../../database/transaction.js';
import { refuse } from '../../errors.js';
import type { Operation } from '../../operation.js';
import { record } from '../../security-events/record.js';
import { lockCaller } from '../lock-users.js';
import { Role } from '../role.entity.js';
import { RoleName } from '../role-name.entity.js';
import { assertMayCreate } from '../role-powers.js';
import { callersRightsWithin } from '../standing.js';
import {
  assertUnlikeOthers,
  checkedDescription,
  checkedLevel,
  checkedRoleName,
  refuseTakenName,
} from './role-terms.js';

export interface NewRole {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly level: number;
}

/** Every process keeps all roles in memory for its decisions. */
const mostRoles = 1000;

/** Creates a role without permissions. @throws Refusal INVALID_INPUT, NAME_TAKEN, ABOVE_OWN_LEVEL; FORBIDDEN */
export async function createRole(operation: Operation, input: NewRole): Promise<Role> {
  const { database, signals } = operation.services;
  const terms = {
    name: checkedRoleName(input.name),
    level: checkedLevel(input.level),
    description: checkedDescription(input.description),
  };
  const role = await database.transaction((tx) => insert(tx, operation, terms)).catch(refuseTakenName);
  signals.announce('roles');
  return role;
}

async function insert(
  tx: Transaction,
  operation: Operation,
  terms: Pick<Role, 'name' | 'level' | 'description'>,
): Promise<Role> {
  await lockCaller(tx, operation);
  await assertRoom(tx);
  const now = operation.services.clock.now();
  const role = tx.em.create(Role, { ...terms, createdAt: now, updatedAt: now }, { persist: true });
  assertMayCreate(await callersRightsWithin(tx, operation), role);
  const { id: roleId, name, level } = role;
  await assertUnlikeOthers(tx, name, roleId);
  tx.em.create(RoleName, { roleId, name, since: now }, { persist: true });
  record(tx, operation, { type: 'ROLE_CREATED', details: { roleId, role: name, level } });
  return role;
}

/** Call it before a role is made. @throws Refusal INVALID_INPUT */
export async function assertRoom(tx: Transaction): Promise<void> {
  await takeAdvisoryLock(tx, 'newRole');
  if ((await tx.em.count(Role, { deletedAt: null })) >= mostRoles)
    throw refuse('INVALID_INPUT', `There are ${mostRoles} roles already; delete one first.`);
}
