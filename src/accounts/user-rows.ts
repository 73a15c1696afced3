import { grantInForce } from '../access/grants.js';
import type { Role } from '../access/role.entity.js';
import type { RoleCatalogue } from '../access/role-catalogue.js';
import type { Sql } from '../database/sql.js';
import { isUuid } from '../database/uuid.js';
import type { User } from './user.entity.js';

/**
 * A user as lists read it: the entity's columns without its secrets, under the same names, so that no mapping is
 * needed. Columns that are not selected are not read.
 */
export interface UserRow extends Omit<User, 'passwordHash' | 'lockedByAdminUntil'> {
  /** Computed by the statement; for entities the resolver computes it. */
  readonly fullName?: string;
  /** Roles held at the time of the statement; for entities the resolver loads them. */
  roles?: readonly Role[];
  /** End of the last lock, which may be in the past. */
  readonly lockedUntil?: Date | null;
  readonly twoFactorEnabled?: boolean;
}

interface RawRow extends UserRow {
  roleIds?: string | null;
}

/** Account-wide locks; locks of a single known device are excluded. For `from users u`. */
const lockedUntil = `greatest(u.locked_by_admin_until,
  (select max(a.locked_until) from attempts a where a.key in ('password:' || u.id, 'code:' || u.id)))`;

/**
 * Columns for `from users u`, by the name of the GraphQL field that needs them. `$now` stands for the parameter of the
 * current instant.
 */
const columns: Record<string, string> = {
  username: 'u.username',
  email: 'u.email',
  firstName: 'u.first_name as "firstName"',
  lastName: 'u.last_name as "lastName"',
  bio: 'u.bio',
  location: 'u.location',
  website: 'u.website',
  timezone: 'u.timezone',
  language: 'u.language',
  emailNotifications: 'u.email_notifications as "emailNotifications"',
  isAdmin: 'u.is_admin as "isAdmin"',
  isActive: 'u.is_active as "isActive"',
  isVerified: 'u.is_verified as "isVerified"',
  lockedUntil: `${lockedUntil} as "lockedUntil"`,
  isLocked: `${lockedUntil} as "lockedUntil"`,
  twoFactorEnabled:
    'exists (select from two_factors f where f.user_id = u.id and f.confirmed_at is not null) as "twoFactorEnabled"',
  lastLoginAt: 'u.last_login_at as "lastLoginAt"',
  passwordChangedAt: 'u.password_changed_at as "passwordChangedAt"',
  createdAt: 'u.created_at as "createdAt"',
  version: 'u.version',
  avatarUrl: 'u.avatar_url as "avatarUrl", u.email',
  fullName: `case when u.first_name <> '' and u.last_name <> '' then u.first_name || ' ' || u.last_name
    else coalesce(nullif(u.first_name, ''), u.username) end as "fullName"`,
  roles: `(select string_agg(g.role_id::text, ',' order by g.role_id) from role_grants g
    where g.user_id = u.id and ${grantInForce('g', '$now')}) as "roleIds"`,
};

/** All columns, for reads that do not know which fields are selected. */
export const allFields: ReadonlySet<string> = new Set(Object.keys(columns));

/** Column lists by set of fields. Sets are cached with their documents, so each list is composed once. */
const composed = new WeakMap<ReadonlySet<string>, string>();

/**
 * Composes the column list of a statement.
 * @param now returns the placeholder of the instant for which roles are read; called only if they are selected
 */
export function userColumns(fields: ReadonlySet<string>, now: () => string): string {
  const text = composed.get(fields) ?? compose(fields);
  composed.set(fields, text);
  return fields.has('roles') ? text.replaceAll('$now', now()) : text;
}

function compose(fields: ReadonlySet<string>): string {
  const asked = Object.entries(columns).filter(([field]) => fields.has(field));
  return [...new Set(['u.id', ...asked.map(([, column]) => column)])].join(', ');
}

/** Replaces role ids by the roles of the catalogue. */
export async function withRoles<Row extends UserRow>(rows: readonly Row[], catalogue: RoleCatalogue): Promise<Row[]> {
  const raw = rows as readonly (Row & RawRow)[];
  if (raw[0]?.roleIds === undefined) return [...rows];
  const roles = await catalogue.pick(raw.map(({ roleIds }) => roleIds ?? ''));
  raw.forEach((row, i) => {
    row.roles = roles[i] ?? [];
  });
  return [...rows];
}

/** Statements by set of fields, cached because every `viewer` query uses them. */
const statements = new WeakMap<ReadonlySet<string>, string>();

function byIds(fields: ReadonlySet<string>): string {
  const known = statements.get(fields);
  if (known) return known;
  const text = `select ${userColumns(fields, () => '$2')} from users u where u.id = any($1::uuid[])`;
  statements.set(fields, text);
  return text;
}

/** @returns the users in the order of the ids; undefined for an unknown id */
export async function usersByIds(
  sql: Sql,
  catalogue: RoleCatalogue,
  ids: readonly string[],
  now: Date,
  fields = allFields,
): Promise<(UserRow | undefined)[]> {
  const values = fields.has('roles') ? [ids.filter(isUuid), now] : [ids.filter(isUuid)];
  const rows = await withRoles(await sql.rows<UserRow>(byIds(fields), values), catalogue);
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => found.get(id));
}
