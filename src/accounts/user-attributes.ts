import type { Attributes } from '../access/condition-matching.js';
import type { Columns } from '../access/condition-sql.js';
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

/** The same where rows are not read yet: for `from users u`. */
export const userAttributeColumns: Columns = {
  id: { sql: 'u.id', type: 'uuid' },
  username: { sql: 'u.username', type: 'text' },
  email: { sql: 'u.email', type: 'text' },
  isAdmin: { sql: 'u.is_admin', type: 'boolean' },
  isActive: { sql: 'u.is_active', type: 'boolean' },
  isVerified: { sql: 'u.is_verified', type: 'boolean' },
  timezone: { sql: 'u.timezone', type: 'text' },
  language: { sql: 'u.language', type: 'text' },
  location: { sql: 'u.location', type: 'text' },
  createdAt: { sql: 'u.created_at', type: 'timestamptz' },
};

const columns = `u.id, u.username, u.email, u.is_admin as "isAdmin", u.is_active as "isActive",
  u.is_verified as "isVerified", u.timezone, u.language, u.location, u.created_at as "createdAt"`;

/** @returns in the order of the ids, undefined where there is no account */
export async function userAttributesByIds(sql: Sql, ids: readonly string[]): Promise<(Attributes | undefined)[]> {
  const rows = await sql.rows<Row>(`select ${columns} from users u where u.id = any($1::uuid[])`, [ids.filter(isUuid)]);
  const found = new Map(rows.map((row) => [row.id, attributesOfUser(row)]));
  return ids.map((id) => found.get(id));
}
