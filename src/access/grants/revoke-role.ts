import { refuse } from '../../errors.js';
import type { Operation } from '../../operation.js';
import { record } from '../../security-events/record.js';
import type { RoleGrant } from '../role-grant.entity.js';
import { assertMayRevoke } from '../role-powers.js';
import { assertNotAbove, type GrantTarget, lockForGrant, unendedGrantsOf } from './lock-for-grant.js';

/**
 * Revokes a role that the user holds.
 * @returns the revoked grant
 * @throws Refusal NOT_FOUND when the user does not hold the role, SYSTEM_ROLE, ABOVE_OWN_LEVEL; UNAUTHENTICATED,
 *   FORBIDDEN
 */
export async function revokeRole(operation: Operation, target: GrantTarget): Promise<RoleGrant> {
  const { caller, services } = operation;
  const grant = await services.database.transaction(async (tx) => {
    const locked = await lockForGrant(tx, operation, target);
    const { role, user, rights } = locked;
    assertMayRevoke(rights, role, 'roleId');
    assertNotAbove(locked);
    const now = services.clock.now();
    const unended = await unendedGrantsOf(tx, locked, now);
    const [latest] = unended;
    if (!latest) throw refuse('NOT_FOUND', 'The user does not hold this role.', 'roleId');
    for (const grant of unended) {
      Object.assign(grant, { revokedAt: now, revokedById: caller?.userId ?? null });
      const details = { roleId: role.id, role: role.name, grantId: grant.id };
      record(tx, operation, { type: 'ROLE_REVOKED', subjectId: user.id, details });
    }
    return latest;
  });
  services.principals.forgetUser(grant.userId);
  return grant;
}
