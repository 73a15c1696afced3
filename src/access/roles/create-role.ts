import type { EntityManager } from '@mikro-orm/postgresql';
import { takeAdvisoryLock } from '../../database/advisory-locks.js';
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
  const role = await database.transaction((em) => insert(em, operation, terms)).catch(refuseTakenName);
  signals.announce('roles');
  return role;
}

async function insert(
  em: EntityManager,
  operation: Operation,
  terms: Pick<Role, 'name' | 'level' | 'description'>,
): Promise<Role> {
  await lockCaller(em, operation);
  await assertRoom(em);
  const now = operation.services.clock.now();
  const role = em.create(Role, { ...terms, createdAt: now, updatedAt: now }, { persist: true });
  assertMayCreate(await callersRightsWithin(em, operation), role);
  const { id: roleId, name, level } = role;
  await assertUnlikeOthers(em, name, roleId);
  em.create(RoleName, { roleId, name, since: now }, { persist: true });
  record(em, operation, { type: 'ROLE_CREATED', details: { roleId, role: name, level } });
  return role;
}

async function assertRoom(em: EntityManager): Promise<void> {
  await takeAdvisoryLock(em, 'newRole');
  if ((await em.count(Role, { deletedAt: null })) >= mostRoles)
    throw refuse('INVALID_INPUT', `There are ${mostRoles} roles already; delete one first.`);
}
