import type { EntityManager } from '@mikro-orm/postgresql';
import { isUuid } from '../database/uuid.js';
import { refuse } from '../errors.js';
import { type Operation, signedIn } from '../operation.js';
import { record } from '../security-events/record.js';
import { isActive } from './grants.js';
import { Role } from './role.entity.js';
import { RoleGrant } from './role-grant.entity.js';

export interface GrantRole {
  readonly userId: string;
  readonly roleId: string;
  readonly expiresAt?: Date | null | undefined;
}

/** @throws Refusal NOT_FOUND, INVALID_INPUT */
export function grantRole(operation: Operation, input: GrantRole): Promise<RoleGrant> {
  return operation.services.database.transaction((em) => grantWithin(em, operation, input));
}

/**
 * Gives a role as part of a larger change. A role the user already holds is given anew when the end
 * differs, so that each grant's granter and end stay on record; otherwise the standing grant is the answer.
 */
export async function grantWithin(em: EntityManager, operation: Operation, input: GrantRole): Promise<RoleGrant> {
  const now = operation.services.clock.now();
  const granter = operation.caller?.userId ?? null;
  if (input.expiresAt && input.expiresAt <= now)
    throw refuse('INVALID_INPUT', 'The end lies in the past.', 'expiresAt');
  await lockUser(em, input.userId);
  const role = await findRole(em, input.roleId);
  const standing = await standingGrantOf(em, input, now);
  if (standing && standing.expiresAt?.getTime() === input.expiresAt?.getTime()) return standing;
  if (standing) Object.assign(standing, { revokedAt: now, revokedById: granter });
  const terms = { userId: input.userId, roleId: role.id, expiresAt: input.expiresAt ?? null };
  const grant = em.create(RoleGrant, { ...terms, grantedAt: now, grantedById: granter }, { persist: true });
  const details = { roleId: role.id, role: role.name, expiresAt: input.expiresAt?.toISOString() ?? null };
  record(em, operation, { type: 'ROLE_GRANTED', subjectId: input.userId, details });
  return grant;
}

/** @throws Refusal NOT_FOUND when the user does not hold the role now */
export async function revokeRole(operation: Operation, input: Omit<GrantRole, 'expiresAt'>): Promise<RoleGrant> {
  const caller = signedIn(operation);
  const now = operation.services.clock.now();
  return operation.services.database.transaction(async (em) => {
    await lockUser(em, input.userId);
    const role = await findRole(em, input.roleId);
    const grant = await standingGrantOf(em, input, now);
    if (!grant) throw refuse('NOT_FOUND', 'The user does not hold this role.', 'roleId');
    Object.assign(grant, { revokedAt: now, revokedById: caller.userId });
    record(em, operation, {
      type: 'ROLE_REVOKED',
      subjectId: input.userId,
      details: { roleId: role.id, role: role.name },
    });
    return grant;
  });
}

/** Grants of one user are changed one at a time. */
async function lockUser(em: EntityManager, userId: string): Promise<void> {
  const found = isUuid(userId) ? await em.execute('select 1 from users where id = ? for no key update', [userId]) : [];
  if (found.length === 0) throw refuse('NOT_FOUND', 'There is no such user.', 'userId');
}

async function findRole(em: EntityManager, roleId: string): Promise<Role> {
  const role = isUuid(roleId) ? await em.findOne(Role, roleId) : null;
  if (!role) throw refuse('NOT_FOUND', 'There is no such role.', 'roleId');
  return role;
}

async function standingGrantOf(
  em: EntityManager,
  of: { userId: string; roleId: string },
  now: Date,
): Promise<RoleGrant | undefined> {
  const grants = await em.find(RoleGrant, { userId: of.userId, roleId: of.roleId, revokedAt: null });
  return grants.find((grant) => isActive(grant, now));
}
