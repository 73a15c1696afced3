import type { EntityManager } from '@mikro-orm/postgresql';
import { isUuid } from '../database/uuid.js';
import { refuse, unauthenticated } from '../errors.js';
import { roleGrantedMail } from '../mail/account-mails.js';
import { type Operation, signedIn } from '../operation.js';
import { record } from '../security-events/record.js';
import { isActive } from './grants.js';
import { type LockedUser, lockUsers } from './lock-users.js';
import { Role } from './role.entity.js';
import { RoleGrant } from './role-grant.entity.js';

export interface GrantRole {
  readonly userId: string;
  readonly roleId: string;
  readonly expiresAt?: Date | null | undefined;
}

/** Gives a role and tells its new holder. @throws Refusal NOT_FOUND, INVALID_INPUT, SYSTEM_ROLE; UNAUTHENTICATED */
export function grantRole(operation: Operation, input: GrantRole): Promise<RoleGrant> {
  return operation.services.database.transaction(async (em) => {
    const { grant, role, user, isNew } = await grantWithin(em, operation, input);
    if (isNew) tell(em, operation, user, role, grant);
    return grant;
  });
}

interface Granted {
  readonly grant: RoleGrant;
  readonly role: Role;
  readonly user: LockedUser;
  /** Whether this call made the grant. */
  readonly isNew: boolean;
}

/**
 * Gives a role as part of a larger change. A role the user already holds is given anew when the end
 * differs, so that each grant's granter and end stay on record; otherwise the standing grant is the answer.
 */
export async function grantWithin(
  em: EntityManager,
  operation: Operation,
  input: GrantRole & { /** Of the input, that named the role. */ readonly field?: string },
): Promise<Granted> {
  const now = operation.services.clock.now();
  const granter = operation.caller?.userId ?? null;
  if (input.expiresAt && input.expiresAt <= now)
    throw refuse('INVALID_INPUT', 'The end lies in the past.', 'expiresAt');
  const user = await lockUser(em, operation, input.userId);
  const role = await findRole(em, input.roleId, input.field);
  const standing = await standingGrantOf(em, input, now);
  if (standing && standing.expiresAt?.getTime() === input.expiresAt?.getTime())
    return { grant: standing, role, user, isNew: false };
  if (standing) Object.assign(standing, { revokedAt: now, revokedById: granter });
  const terms = { userId: user.id, roleId: role.id, expiresAt: input.expiresAt ?? null };
  const grant = em.create(RoleGrant, { ...terms, grantedAt: now, grantedById: granter }, { persist: true });
  const details = { roleId: role.id, role: role.name, expiresAt: input.expiresAt?.toISOString() ?? null };
  record(em, operation, { type: 'ROLE_GRANTED', subjectId: user.id, details });
  return { grant, role, user, isNew: true };
}

/** Nobody is told anything at an address that has not been confirmed: it may be a stranger's. */
function tell(em: EntityManager, { services }: Operation, user: LockedUser, role: Role, grant: RoleGrant): void {
  const isWanted = user.emailNotifications && user.isVerified && user.isActive;
  const message = roleGrantedMail(user.email, user.username, services.publicUrl(), role.name, grant.expiresAt ?? null);
  services.outbox.enqueueNotice(em, message, isWanted);
}

/** @throws Refusal NOT_FOUND when the user does not hold the role now, SYSTEM_ROLE; UNAUTHENTICATED */
export async function revokeRole(operation: Operation, input: Omit<GrantRole, 'expiresAt'>): Promise<RoleGrant> {
  const caller = signedIn(operation);
  const now = operation.services.clock.now();
  return operation.services.database.transaction(async (em) => {
    const user = await lockUser(em, operation, input.userId);
    const role = await findRole(em, input.roleId);
    const grant = await standingGrantOf(em, input, now);
    if (!grant) throw refuse('NOT_FOUND', 'The user does not hold this role.', 'roleId');
    Object.assign(grant, { revokedAt: now, revokedById: caller.userId });
    record(em, operation, {
      type: 'ROLE_REVOKED',
      subjectId: user.id,
      details: { roleId: role.id, role: role.name },
    });
    return grant;
  });
}

/** Grants of one user are changed one at a time, and while whoever changes them is there to be named. */
async function lockUser(em: EntityManager, { caller }: Operation, userId: string): Promise<LockedUser> {
  const locked = await lockUsers(em, [userId, ...(caller ? [caller.userId] : [])]);
  const user = locked.find(({ id }) => id === userId.toLowerCase());
  if (!user) throw refuse('NOT_FOUND', 'There is no such user.', 'userId');
  if (caller && !locked.some(({ id }) => id === caller.userId)) throw unauthenticated();
  return user;
}

/** System roles come with registration and with the administrator flag, and go with them alone. */
async function findRole(em: EntityManager, roleId: string, field = 'roleId'): Promise<Role> {
  const role = isUuid(roleId) ? await em.findOne(Role, roleId) : null;
  if (!role) throw refuse('NOT_FOUND', 'There is no such role.', field);
  if (role.isSystem) throw refuse('SYSTEM_ROLE', 'A system role is neither given nor taken by itself.', field);
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
