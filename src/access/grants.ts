import type { EntityManager } from '@mikro-orm/postgresql';
import { Role } from './role.entity.js';
import { RoleGrant } from './role-grant.entity.js';

/** Neither revoked nor at its end by the instant, which may lie before its start. */
export const unendedGrant = (alias: string, now: string): string =>
  `${alias}.revoked_at is null and (${alias}.expires_at is null or ${alias}.expires_at > ${now})`;

/**
 * A grant counts from its start until it is revoked or its end is reached, and while its role is there: that is for
 * whoever reads the roles to ask, since the catalogue has only living ones.
 * @param now the placeholder of the instant
 */
export const standingGrant = (alias: string, now: string): string =>
  `${alias}.granted_at <= ${now} and ${unendedGrant(alias, now)}`;

/**
 * With its role every grant of it ends that had not ended before: from then on it reads as revoked.
 * For `from role_grants g join roles r on r.id = g.role_id`.
 */
export const revokedAt =
  'least(g.revoked_at, case when g.expires_at is null or g.expires_at > r.deleted_at then r.deleted_at end)';

/** The same of one that is read. With a role that is deleted its grants are read as revoked (role-rows.ts). */
export const isActive = (
  { grantedAt, revokedAt, expiresAt }: Pick<RoleGrant, 'grantedAt' | 'revokedAt' | 'expiresAt'>,
  at: Date,
): boolean => grantedAt <= at && !(revokedAt && revokedAt <= at) && !(expiresAt && expiresAt <= at);

/** Gives a system role, without a granter: at registration, or with the administrator flag. */
export async function grantSystemRole(
  em: EntityManager,
  userId: string,
  name: 'user' | 'admin',
  now: Date,
): Promise<Role> {
  const role = await em.findOneOrFail(Role, { name, isSystem: true });
  em.create(RoleGrant, { userId, roleId: role.id, grantedAt: now }, { persist: true });
  return role;
}

/** Takes a system role away: with the administrator flag. */
export async function revokeSystemRole(
  em: EntityManager,
  userId: string,
  name: 'admin',
  by: { readonly revokedAt: Date; readonly revokedById: string | null },
): Promise<Role> {
  const role = await em.findOneOrFail(Role, { name, isSystem: true });
  await em.nativeUpdate(RoleGrant, { userId, roleId: role.id, revokedAt: null }, by);
  return role;
}
