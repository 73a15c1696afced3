import type { Transaction } from '../database/transaction.js';
import { Role } from './role.entity.js';
import { RoleGrant } from './role-grant.entity.js';

/** SQL condition: the grant is not revoked and has not expired at the instant. It may start later. */
export const unendedGrant = (alias: string, now: string): string =>
  `${alias}.revoked_at is null and (${alias}.expires_at is null or ${alias}.expires_at > ${now})`;

/**
 * SQL condition: the grant is in force at the instant, that is, started, not revoked and not expired. The caller must
 * also check that the role is not deleted; the role catalogue only contains roles that are not.
 * @param now placeholder of the instant
 */
export const grantInForce = (alias: string, now: string): string =>
  `${alias}.granted_at <= ${now} and ${unendedGrant(alias, now)}`;

/**
 * SQL expression for the time a grant was revoked. Deleting a role counts as revoking every grant of it that had not
 * ended. For statements with `from role_grants g join roles r on r.id = g.role_id`.
 */
export const revokedAt =
  'least(g.revoked_at, case when g.expires_at is null or g.expires_at > r.deleted_at then r.deleted_at end)';

/** True when a grant that was read with `revokedAt` (see role-rows.ts) is in force at the instant. */
export const isActive = (
  { grantedAt, revokedAt, expiresAt }: Pick<RoleGrant, 'grantedAt' | 'revokedAt' | 'expiresAt'>,
  at: Date,
): boolean => grantedAt <= at && !(revokedAt && revokedAt <= at) && !(expiresAt && expiresAt <= at);

/** Grants a system role on behalf of the service: at registration, or together with the administrator flag. */
export async function grantSystemRole(
  tx: Transaction,
  userId: string,
  name: 'user' | 'admin',
  now: Date,
): Promise<Role> {
  const role = await tx.em.findOneOrFail(Role, { name, isSystem: true });
  tx.em.create(RoleGrant, { userId, roleId: role.id, grantedAt: now }, { persist: true });
  return role;
}

/** Revokes a system role together with the administrator flag. */
export async function revokeSystemRole(
  tx: Transaction,
  userId: string,
  name: 'admin',
  by: { readonly revokedAt: Date; readonly revokedById: string | null },
): Promise<Role> {
  const role = await tx.em.findOneOrFail(Role, { name, isSystem: true });
  await tx.em.nativeUpdate(RoleGrant, { userId, roleId: role.id, revokedAt: null }, by);
  return role;
}
