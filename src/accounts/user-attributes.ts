import type { Attributes } from '../access/condition-matching.js';
import type { Sql } from '../database/sql.js';
import { isUuid } from '../database/uuid.js';
import type { User } from './user.entity.js';

type Row = Pick<
  User,
  | 'id'
  | 'username'
  | 'email'
  | 'isAdmin'
  | 'isActive'
  | 'isVerified'
  | 'timezone'
  | 'language'
  | 'location'
  | 'createdAt'
>;

/** What conditions on accounts may ask for: the list of permission-catalogue.ts. Instants are RFC 3339 with milliseconds. */
export const attributesOfUser = (user: Row): Attributes => ({
  id: user.id,
  username: user.username,
  email: user.email,
  isAdmin: user.isAdmin,
  isActive: user.isActive,
  isVerified: user.isVerified,
  timezone: user.timezone ?? null,
  language: user.language ?? null,
  location: user.location ?? null,
  createdAt: user.createdAt.toISOString(),
});

const columns = `u.id, u.username, u.email, u.is_admin as "isAdmin", u.is_active as "isActive",
  u.is_verified as "isVerified", u.timezone, u.language, u.location, u.created_at as "createdAt"`;

/** @returns in the order of the ids, undefined where there is no account */
export async function userAttributesByIds(sql: Sql, ids: readonly string[]): Promise<(Attributes | undefined)[]> {
  const rows = await sql.rows<Row>(`select ${columns} from users u where u.id = any($1::uuid[])`, [ids.filter(isUuid)]);
  const found = new Map(rows.map((row) => [row.id, attributesOfUser(row)]));
  return ids.map((id) => found.get(id));
}
