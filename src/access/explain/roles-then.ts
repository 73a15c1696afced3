import type { Sql } from '../../database/sql.js';
import type { Asked } from '../../policy/access-check.js';
import { rolesPlaceholder } from '../../policy/conditions.js';
import { type PastRoles, pastRolesOf, type RoleRecord } from './past.js';
import { permissionsThen, roleJson } from './past-rows.js';

/** `$1`: changes after it are ignored; `$2`, `$3`: action and resource; `$4`: also roles without such a permission. */
const text = `
  select ${roleJson(permissionsThen('$1', `p.action in ('*', $2) and p.resource in ('*', $3)`), '$1')} as role
  from roles r
  where r.created_at <= $1::timestamptz and (r.deleted_at is null or r.deleted_at > $1) and ($4::boolean or exists (
    select from permissions p where p.role_id = r.id and p.action in ('*', $2) and p.resource in ('*', $3)))
  order by r.level desc, r.name`;

/**
 * Reads the roles that allowed an action on a resource, with these permissions alone; all other roles as well, when
 * conditions ask for the names of the roles held.
 * @param known changes after it are ignored; `infinity`: as it is now
 */
export async function rolesThen(sql: Sql, { action, resource }: Asked, known: string): Promise<PastRoles> {
  const read = async (all: boolean) =>
    (await sql.rows<{ role: RoleRecord }>(text, [known, action, resource, all])).map(({ role }) => role);
  const roles = await read(false);
  const asksForRoles = JSON.stringify(roles).includes(rolesPlaceholder);
  return pastRolesOf(asksForRoles ? await read(true) : roles);
}
