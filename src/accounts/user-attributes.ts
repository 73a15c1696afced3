import { type AttributedAccount, attributeColumns, attributesOfUser } from '../access/account-attributes.js';
import type { Attributes } from '../access/condition-matching.js';
import type { Columns } from '../access/condition-sql.js';
import type { Sql } from '../database/sql.js';
import { isUuid } from '../database/uuid.js';

/** Stands in access/, since what belongs to accounts is asked about there as well. */
export { attributesOfUser };

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

/** @returns in the order of the ids, undefined where there is no account */
export async function userAttributesByIds(sql: Sql, ids: readonly string[]): Promise<(Attributes | undefined)[]> {
  const rows = await sql.rows<AttributedAccount>(
    `select ${attributeColumns} from users u where u.id = any($1::uuid[])`,
    [ids.filter(isUuid)],
  );
  const found = new Map(rows.map((row) => [row.id, attributesOfUser(row)]));
  return ids.map((id) => found.get(id));
}
