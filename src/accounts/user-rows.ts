import type { Sql } from '../database/sql.js';
import { isUuid } from '../database/uuid.js';
import type { User } from './user.entity.js';

/** A user as lists read them: an entity's columns without its secrets, under the same names. */
export type UserRow = Omit<User, 'passwordHash'>;

/** For `from users u`. Property names are those of the GraphQL type, so that no mapping stands between. */
export const userColumns = `
  u.id, u.username, u.email, u.first_name as "firstName", u.last_name as "lastName", u.avatar_url as "avatarUrl",
  u.bio, u.location, u.website, u.timezone, u.language, u.email_notifications as "emailNotifications",
  u.is_admin as "isAdmin", u.is_active as "isActive", u.is_verified as "isVerified",
  u.locked_until as "lockedUntil", u.last_login_at as "lastLoginAt",
  u.password_changed_at as "passwordChangedAt", u.created_at as "createdAt"`;

const byIds = `select ${userColumns} from users u where u.id = any($1::uuid[])`;

/** @returns the users in the order of the ids, undefined where there is none */
export async function usersByIds(sql: Sql, ids: readonly string[]): Promise<(UserRow | undefined)[]> {
  const rows = await sql.rows<UserRow>(byIds, [ids.filter(isUuid)]);
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => found.get(id));
}
