import { childPages, type PageKey } from '../database/child-pages.js';
import { childCounts, childRows, type ListKey } from '../database/child-rows.js';
import type { Parameters } from '../database/keyset.js';
import type { Placed } from '../database/pages.js';
import type { Sql } from '../database/sql.js';
import { isUuid } from '../database/uuid.js';
import { grantInForce, revokedAt } from './grants.js';
import type { Permission } from './permission.entity.js';
import type { Role } from './role.entity.js';
import type { RoleGrant } from './role-grant.entity.js';

const roleColumns = `r.id, r.name, r.description, r.level, r.version, r.is_system as "isSystem", r.created_at as "createdAt",
  r.updated_at as "updatedAt", r.deleted_at as "deletedAt"`;

/** For statements with `from role_grants g join roles r on r.id = g.role_id`. */
export const grantColumns = `
  g.id, g.user_id as "userId", g.role_id as "roleId", g.granted_at as "grantedAt", g.granted_by_id as "grantedById",
  g.expires_at as "expiresAt", ${revokedAt} as "revokedAt", g.revoked_by_id as "revokedById"`;

const permissionColumns = 'id, role_id as "roleId", name, resource, action, conditions';

/** Highest level first; for statements with `from roles r`. */
const order = 'r.level desc, r.name';

/** @returns a statement that reads the roles that are not deleted, each with its permissions */
export const livingRoles = (where = 'true'): string => `
  select ${roleColumns}, (select coalesce(json_agg(json_build_object('id', p.id, 'roleId', p.role_id, 'name', p.name,
      'resource', p.resource, 'action', p.action, 'conditions', p.conditions) order by p.resource, p.action), '[]')
    from permissions p where p.role_id = r.id and p.removed_at is null) as permissions
  from roles r where r.deleted_at is null and ${where} order by ${order}`;

/** @returns the roles in the order of the ids, including deleted ones; undefined for an unknown id */
export async function rolesByIds(sql: Sql, ids: readonly string[]): Promise<(Role | undefined)[]> {
  const rows = await sql.rows<Role>(`select ${roleColumns} from roles r where r.id = any($1::uuid[])`, [
    ids.filter(isUuid),
  ]);
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => found.get(id));
}

/** The first roles, in order, that a user holds. */
export interface FirstRoles extends ListKey {
  readonly first: number;
}

/** @returns for each user the roles held at that instant, highest level first */
export const rolesOfUsers = (sql: Sql, wanted: readonly FirstRoles[], now: Date): Promise<(Role[] | Error)[]> =>
  childRows(sql, wanted, ({ first }, parameters) => ({
    columns: roleColumns,
    source: `from role_grants g join roles r on r.id = g.role_id
      where g.user_id = parent.id and r.deleted_at is null and ${grantInForce('g', parameters.add(now))}`,
    orderBy: order,
    limit: first,
  }));

/** The grants of a user: all of them, or only those in force. */
export interface GrantsKey extends ListKey {
  readonly includeInactive: boolean;
}

export interface FirstGrants extends GrantsKey {
  readonly first: number;
}

/** @returns for each user the first grants, newest first */
export const grantsOfUsers = (sql: Sql, wanted: readonly FirstGrants[], now: Date): Promise<(RoleGrant[] | Error)[]> =>
  childRows(sql, wanted, ({ first, ...asked }, parameters) => ({
    columns: grantColumns,
    source: given(asked, parameters, now),
    orderBy: 'g.granted_at desc, g.id desc',
    limit: first,
  }));

/** @returns for each user a page of grants, newest first */
export const grantPages = (
  sql: Sql,
  wanted: readonly (GrantsKey & PageKey)[],
  now: Date,
): Promise<(Placed<RoleGrant>[] | Error)[]> =>
  childPages(sql, wanted, (asked, parameters) => ({
    columns: grantColumns,
    source: given(asked, parameters, now),
    order: { expression: 'g.granted_at', type: 'timestamptz', id: 'g.id', direction: 'desc' },
  }));

/** @returns for each user the number of grants */
export const grantCounts = (sql: Sql, wanted: readonly GrantsKey[], now: Date): Promise<(number | Error)[]> =>
  childCounts(sql, wanted, (asked, parameters) => given(asked, parameters, now));

/** Source of the grants. The SQL counterpart of `isActive` in grants.ts. */
function given({ includeInactive }: Pick<GrantsKey, 'includeInactive'>, parameters: Parameters, now: Date): string {
  const counting = () => `r.deleted_at is null and ${grantInForce('g', parameters.add(now))}`;
  return `from role_grants g join roles r on r.id = g.role_id
    where g.user_id = parent.id and ${includeInactive ? 'true' : counting()}`;
}

/** @param id must be a UUID @returns the grant, also when it has ended; undefined for an unknown id */
export const grantById = (sql: Sql, id: string): Promise<RoleGrant | undefined> =>
  sql.row<RoleGrant>(`select ${grantColumns} from role_grants g join roles r on r.id = g.role_id where g.id = $1`, [
    id,
  ]);

/** @param id must be a UUID @returns the permission; undefined when it, or its role, has been removed */
export const permissionById = (sql: Sql, id: string): Promise<Permission | undefined> =>
  sql.row<Permission>(
    `select ${permissionColumns} from permissions where id = $1 and removed_at is null and exists (
       select from roles r where r.id = role_id and r.deleted_at is null)`,
    [id],
  );
