import type { Transaction } from '../../database/transaction.js';
import { refuse } from '../../errors.js';
import type { Operation } from '../../operation.js';
import { record } from '../../security-events/record.js';
import type { Role } from '../role.entity.js';
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
  const { services } = operation;
  const grant = await services.database.transaction(async (tx) => {
    const locked = await lockForGrant(tx, operation, target);
    const { role, user, rights } = locked;
    assertMayRevoke(rights, role, 'roleId');
    assertNotAbove(locked);
    const now = services.clock.now();
    const unended = await unendedGrantsOf(tx, role, [user.id], now);
    const [latest] = unended;
    if (!latest) throw refuse('NOT_FOUND', 'The user does not hold this role.', 'roleId');
    endGrants(tx, operation, role, unended, now);
    return latest;
  });
  services.principals.forgetUser(grant.userId);
  return grant;
}

/** Revokes grants of a role after all checks. Call it while their users and the role are locked. */
export function endGrants(
  tx: Transaction,
  operation: Operation,
  role: Role,
  grants: readonly RoleGrant[],
  now: Date,
): void {
  for (const grant of grants) {
    Object.assign(grant, { revokedAt: now, revokedById: operation.caller?.userId ?? null });
    const details = { roleId: role.id, role: role.name, grantId: grant.id };
    record(tx, operation, { type: 'ROLE_REVOKED', subjectId: grant.userId, details });
  }
}
