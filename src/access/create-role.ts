import { violatedConstraint } from '../database/connection-failure.js';
import { refuse } from '../errors.js';
import type { Operation } from '../operation.js';
import { record } from '../security-events/record.js';
import { Role } from './role.entity.js';
import { RoleName } from './role-name.entity.js';

export interface NewRole {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly level: number;
}

/** Between the system roles: user is 0, admin is 100. */
const levels = { min: 1, max: 99 };
const longestDescription = 500;

/** @throws Refusal INVALID_INPUT, NAME_TAKEN */
export async function createRole(operation: Operation, input: NewRole): Promise<Role> {
  const name = input.name.trim().normalize('NFKC');
  if (!/^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._-]{0,63}$/u.test(name))
    throw refuse('INVALID_INPUT', 'A role name has 1 to 64 letters, digits, spaces and . _ -', 'name');
  if (input.level < levels.min || input.level > levels.max)
    throw refuse('INVALID_INPUT', `A level is ${levels.min} to ${levels.max}.`, 'level');
  if ((input.description?.length ?? 0) > longestDescription)
    throw refuse('INVALID_INPUT', `A description has at most ${longestDescription} characters.`, 'description');
  const now = operation.services.clock.now();
  try {
    return await operation.services.database.transaction(async (em) => {
      const role = em.create(
        Role,
        { name, description: input.description ?? null, level: input.level, createdAt: now, updatedAt: now },
        { persist: true },
      );
      em.create(RoleName, { roleId: role.id, name, since: now }, { persist: true });
      record(em, operation, { type: 'ROLE_CREATED', details: { roleId: role.id, role: name, level: input.level } });
      return role;
    });
  } catch (error) {
    if (violatedConstraint(error) === 'roles_name_unique')
      throw refuse('NAME_TAKEN', 'There is a role of this name.', 'name');
    throw error;
  }
}
