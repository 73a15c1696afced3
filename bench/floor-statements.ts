import { contains } from '../src/database/search-text.js';
import { rotation } from '../src/sessions/rotate.js';
import { pageSize } from './requests.js';

const standing = 'g.revoked_at is null and (g.expires_at is null or g.expires_at > now())';

const rolesOf = (columns: readonly string[]): string => `
  (select json_agg(json_build_object(${columns.map((name) => `'${name}', r.${name}`).join(', ')}) order by r.level desc, r.name)
   from role_grants g join roles r on r.id = g.role_id where g.user_id = u.id and ${standing}) as roles`;

const fullName = `first_name || ' ' || last_name as "fullName"`;

/** One hand-written statement for an answer that takes the service several. */
export const viewerStatement = {
  name: 'viewer',
  text: `select id, username, email, ${fullName}, is_verified as "isVerified", is_admin as "isAdmin",
      exists (select from two_factors f where f.user_id = u.id and f.confirmed_at is not null) as "twoFactorEnabled",
      created_at as "createdAt", ${rolesOf(['id', 'name'])}
    from users u where id = $1`,
};

export const usersStatement = {
  name: 'users',
  text: `select id, username, email, ${fullName}, is_active as "isActive", is_verified as "isVerified",
      is_admin as "isAdmin", created_at as "createdAt", last_login_at as "lastLoginAt",
      ${rolesOf(['id', 'name', 'level'])}
    from users u order by created_at, id limit ${pageSize}`,
};

const permissionsOf = `
  (select json_agg(json_build_object('name', p.name) order by p.resource, p.action) from permissions p where p.role_id = r.id)`;

/** Builds the JSON of each role once, however many users hold it. */
export const permissionsStatement = {
  name: 'permissions',
  text: `with held as materialized (
      select r.id, r.level, r.name, json_build_object('name', r.name, 'permissions', ${permissionsOf}) as role from roles r
    )
    select id, username, (
      select json_agg(h.role order by h.level desc, h.name)
      from role_grants g join held h on h.id = g.role_id where g.user_id = u.id and ${standing}) as roles
    from users u order by created_at, id limit ${pageSize}`,
};

/** Uses the service's own search condition. Not prepared, because the best plan depends on the term. */
export const searchStatement = `
  select u.id, u.username, u.email, u.created_at::text as place from users u
  where ${contains('users', 'any term', true, () => '$1')} order by u.created_at, u.id limit 21`;

/** Creates a session of any user, whose current refresh token has the given hash. */
export const newSessionStatement = `
  insert into sessions (id, user_id, is_remembered, created_at, last_used_at, expires_at, expiry_check_at, token_hash)
  select gen_random_uuid(), (select id from users limit 1), false, now(), now(), now() + interval '7 hours',
    now() + interval '7 hours', $1
  returning id`;

export const rotationStatement = { name: 'rotation', text: rotation };

/** The statement that rate-limiter-flexible sends for each rate-limited request. */
export const countStatement = {
  name: 'count',
  text: `insert into rate_limits values ($1, 1, $2) on conflict (key) do update set
    points = case when (rate_limits.expire <= $3 or 1 = 0) then 1 else rate_limits.points + 1 end,
    expire = case when (rate_limits.expire <= $3 or 1 = 0) then $2 else rate_limits.expire end
    returning points, expire`,
};
