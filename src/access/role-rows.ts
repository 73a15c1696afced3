import type { Sql } from '../database/sql.js';
import { isUuid } from '../database/uuid.js';
import { standingGrant } from './grants.js';
import type { Permission } from './permission.entity.js';
import type { Role } from './role.entity.js';
import type { RoleGrant } from './role-grant.entity.js';

const roleColumns = `r.id, r.name, r.description, r.level, r.is_system as "isSystem", r.created_at as "createdAt", r.updated_at as "updatedAt"`;

const grantColumns = `
  id, user_id as "userId", role_id as "roleId", granted_at as "grantedAt", granted_by_id as "grantedById",
  expires_at as "expiresAt", revoked_at as "revokedAt", revoked_by_id as "revokedById"`;

const permissionColumns = 'id, role_id as "roleId", name, resource, action, conditions';

/** For `from roles r`, highest first. */
const order = 'r.level desc, r.name';

export const allRoles = (sql: Sql): Promise<Role[]> =>
  sql.rows<Role>(`select ${roleColumns} from roles r order by ${order}`);

/** @returns the roles in the order of the ids, undefined where there is none */
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
     where g.user_id = any($1::uuid[]) and g.granted_at <= $2 and ${standingGrant('g', '$2')} order by ${order}`,
    [userIds, now],
  );
  return grouped(userIds, rows, (row) => row.userId);
}

/** @returns for each user every grant there ever was, newest first */
export async function grantsOfUsers(sql: Sql, userIds: readonly string[]): Promise<RoleGrant[][]> {
  const rows = await sql.rows<RoleGrant>(
    `select ${grantColumns} from role_grants where user_id = any($1::uuid[]) order by granted_at desc, id`,
    [userIds],
  );
  return grouped(userIds, rows, (row) => row.userId);
}

export const grantById = (sql: Sql, id: string): Promise<RoleGrant | undefined> =>
  sql.row<RoleGrant>(`select ${grantColumns} from role_grants where id = $1`, [id]);

export const permissionById = (sql: Sql, id: string): Promise<Permission | undefined> =>
  sql.row<Permission>(`select ${permissionColumns} from permissions where id = $1`, [id]);

/** @returns for each role what it permits */
export async function permissionsOfRoles(sql: Sql, roleIds: readonly string[]): Promise<Permission[][]> {
  const rows = await sql.rows<Permission>(
    `select ${permissionColumns} from permissions where role_id = any($1::uuid[]) order by resource, action`,
    [roleIds],
  );
  return grouped(roleIds, rows, (row) => row.roleId);
}

/** @returns for each key its rows, in the order of the keys */
export function grouped<Row>(keys: readonly string[], rows: readonly Row[], keyOf: (row: Row) => string): Row[][] {
  const groups = new Map<string, Row[]>(keys.map((key) => [key, []]));
  for (const row of rows) groups.get(keyOf(row))?.push(row);
  return keys.map((key) => groups.get(key) ?? []);
}
