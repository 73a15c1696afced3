import type { Sql } from '../database/sql.js';
import { isUuid } from '../database/uuid.js';
import { revokedAt, standingGrant } from './grants.js';
import type { Permission } from './permission.entity.js';
import type { Role } from './role.entity.js';
import type { RoleGrant } from './role-grant.entity.js';

const roleColumns = `r.id, r.name, r.description, r.level, r.is_system as "isSystem", r.created_at as "createdAt",
  r.updated_at as "updatedAt", r.deleted_at as "deletedAt"`;

/** For `from role_grants g join roles r on r.id = g.role_id`. */
const grantColumns = `
  g.id, g.user_id as "userId", g.role_id as "roleId", g.granted_at as "grantedAt", g.granted_by_id as "grantedById",
  g.expires_at as "expiresAt", ${revokedAt} as "revokedAt", g.revoked_by_id as "revokedById"`;

const permissionColumns = 'id, role_id as "roleId", name, resource, action, conditions';

/** For `from roles r`, highest first. */
const order = 'r.level desc, r.name';

/** @returns a statement of what there is now, each role with what it permits */
export const livingRoles = (where = 'true'): string => `
  select ${roleColumns}, (select coalesce(json_agg(json_build_object('id', p.id, 'roleId', p.role_id, 'name', p.name,
      'resource', p.resource, 'action', p.action, 'conditions', p.conditions) order by p.resource, p.action), '[]')
    from permissions p where p.role_id = r.id and p.removed_at is null) as permissions
  from roles r where r.deleted_at is null and ${where} order by ${order}`;

/** @returns the roles in the order of the ids, deleted ones too; undefined where there never was one */
export async function rolesByIds(sql: Sql, ids: readonly string[]): Promise<(Role | undefined)[]> {
  const rows = await sql.rows<Role>(`select ${roleColumns} from roles r where r.id = any($1::uuid[])`, [
    ids.filter(isUuid),
  ]);
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => found.get(id));
}

/** @returns for each user the roles held at that instant */
export async function rolesOfUsers(sql: Sql, userIds: readonly string[], now: Date): Promise<Role[][]> {
  const rows = await sql.rows<Role & { userId: string }>(
    `select g.user_id as "userId", ${roleColumns} from role_grants g join roles r on r.id = g.role_id
     where g.user_id = any($1::uuid[]) and r.deleted_at is null and ${standingGrant('g', '$2')}
     order by ${order}`,
    [userIds, now],
  );
  return grouped(userIds, rows, (row) => row.userId);
}

/** @returns for each user every grant there ever was, newest first */
export async function grantsOfUsers(sql: Sql, userIds: readonly string[]): Promise<RoleGrant[][]> {
  const rows = await sql.rows<RoleGrant>(
    `select ${grantColumns} from role_grants g join roles r on r.id = g.role_id
     where g.user_id = any($1::uuid[]) order by g.granted_at desc, g.id`,
    [userIds],
  );
  return grouped(userIds, rows, (row) => row.userId);
}

export const grantById = (sql: Sql, id: string): Promise<RoleGrant | undefined> =>
  sql.row<RoleGrant>(`select ${grantColumns} from role_grants g join roles r on r.id = g.role_id where g.id = $1`, [
    id,
  ]);

export const permissionById = (sql: Sql, id: string): Promise<Permission | undefined> =>
  sql.row<Permission>(
    `select ${permissionColumns} from permissions where id = $1 and removed_at is null and exists (
       select from roles r where r.id = role_id and r.deleted_at is null)`,
    [id],
  );

/** @returns for each key its rows, in the order of the keys */
export function grouped<Row>(keys: readonly string[], rows: readonly Row[], keyOf: (row: Row) => string): Row[][] {
  const groups = new Map<string, Row[]>(keys.map((key) => [key, []]));
  for (const row of rows) groups.get(keyOf(row))?.push(row);
  return keys.map((key) => groups.get(key) ?? []);
}
