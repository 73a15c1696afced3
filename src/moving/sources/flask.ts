import { type CopiedRow, copiedRows, type Row } from './copied-rows.js';
import { derivedName } from './derived-name.js';
import { flaskGrants, flaskRoles, type Tables } from './flask-roles.js';
import { booleanIn, instantIn, objectIn, textIn } from './flask-values.js';
import { type Found, problem, type Readable } from './found.js';

/** Names under which SQLAlchemy models have these tables. */
const kept: Readonly<Record<string, keyof Tables>> = {
  role: 'roles',
  roles: 'roles',
  permission: 'permissions',
  permissions: 'permissions',
  role_permission: 'rolePermissions',
  role_permissions: 'rolePermissions',
  user_role: 'userRoles',
  user_roles: 'userRoles',
};
const people: ReadonlySet<string> = new Set(['user', 'users']);

/**
 * Reads the tables of a Flask application from `pg_dump --data-only`. The dump is read twice, because roles may come after
 * the people who have them; who has which role is kept in memory meanwhile, about 200 bytes for each.
 */
export async function* flask(file: Readable): AsyncIterable<Found> {
  const tables: Tables = { roles: [], permissions: [], rolePermissions: [], userRoles: [] };
  for await (const { table, row } of copiedRows(file)) {
    const name = kept[table];
    if (name && row) tables[name].push(row);
  }
  let at = 0;
  for (const value of flaskRoles(tables)) yield { at: ++at, value };
  const grants = flaskGrants(tables);
  for await (const copied of copiedRows(file)) if (people.has(copied.table)) yield personIn(copied, grants);
}

type Grants = ReturnType<typeof flaskGrants>;

function personIn({ at, row }: CopiedRow, grants: Grants): Found {
  if (!row)
    return { at, problem: problem('MALFORMED', 'The row is too long, not UTF-8, or has too many or few columns.') };
  const id = textIn(row, 'id', 'uuid');
  const email = textIn(row, 'email', 'email_address');
  const username = textIn(row, 'username', 'user_name', 'login');
  const isDerived = !username || username.includes('@');
  const held = grants.get(id ?? '') ?? [];
  const isAdmin =
    booleanIn(row, 'is_admin', 'admin', 'is_superuser') ?? held.some(({ isAdministrator }) => isAdministrator);
  const record = {
    id,
    username: isDerived ? derivedName(username || email || '') : username,
    email,
    verified: booleanIn(row, 'is_verified', 'verified', 'email_verified', 'is_email_verified', 'confirmed'),
    active: booleanIn(row, 'is_active', 'active'),
    admin: isAdmin,
    passwordHash: textIn(row, 'password_hash', 'password'),
    ...profileIn(row),
    createdAt: instantIn(row, 'created_at', 'created', 'registered_at'),
    lastLoginAt: instantIn(row, 'last_login_at', 'last_login'),
    passwordChangedAt: instantIn(row, 'password_changed_at'),
    twoFactor: secondFactorIn(row),
    // An administrator has that role by the flag.
    grants: held.filter(({ isAdministrator }) => isAdmin || !isAdministrator).map(({ grant }) => grant),
  };
  return { at, value: record, isDerived };
}

function profileIn(row: Row): object {
  const preferences = objectIn(row, 'preferences', 'settings');
  const preferred = (name: string) => (typeof preferences[name] === 'string' ? preferences[name] : undefined);
  const notified = preferences['email_notifications'];
  return {
    firstName: textIn(row, 'first_name', 'firstname'),
    lastName: textIn(row, 'last_name', 'lastname'),
    avatarUrl: textIn(row, 'avatar_url', 'avatar'),
    bio: textIn(row, 'bio', 'about', 'about_me'),
    location: textIn(row, 'location'),
    website: textIn(row, 'website', 'url'),
    timezone: textIn(row, 'timezone', 'time_zone') ?? preferred('timezone'),
    language: (textIn(row, 'language', 'locale') ?? preferred('language'))?.replace('_', '-'),
    emailNotifications: booleanIn(row, 'email_notifications') ?? (typeof notified === 'boolean' ? notified : undefined),
  };
}

/** A seed counts when the factor is on. A factor that is on without a seed is refused rather than lost. */
function secondFactorIn(row: Row): object | undefined {
  const secret = textIn(row, 'totp_secret', 'two_factor_secret', 'otp_secret', 'mfa_secret');
  const isOn = booleanIn(row, 'two_factor_enabled', 'totp_enabled', 'is_two_factor_enabled', 'mfa_enabled');
  return (isOn ?? secret !== undefined) ? { secret: secret ?? '' } : undefined;
}
