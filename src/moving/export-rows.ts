import { noPassword } from '../authentication/passwords/no-password.js';

// Statements of an export. Their JSON has the names and the order of docs/moving.md.

/** System roles first, since conditions of others may name their ids. */
export const roles = `
  select json_strip_nulls(json_build_object('type', 'role', 'id', r.id, 'name', r.name, 'level', r.level,
    'description', r.description, 'createdAt', r.created_at, 'updatedAt', r.updated_at, 'deletedAt', r.deleted_at,
    'names', (
      select json_agg(json_build_object('name', n.name, 'since', n.since) order by n.since, n.serial)
      from role_names n where n.role_id = r.id))) as record,
    (select coalesce(json_agg(json_build_object('resource', p.resource, 'action', p.action, 'name', p.name,
        'conditions', p.conditions, 'createdAt', p.created_at, 'removedAt', p.removed_at)
      order by p.created_at, p.resource, p.action, p.removed_at, p.conditions::text), '[]')
    from permissions p where p.role_id = r.id) as permissions
  from roles r order by not r.is_system, r.created_at, r.id`;

// Ordered by what an import keeps, so that an export of the imported people has the same order; ids of grants are new there.
// A left join: without statistics, as after an import, an inner one would begin with the roles and read all grants of each.
const grants = `
  select json_agg(json_strip_nulls(json_build_object('role', case when r.deleted_at is null then r.name end,
      'roleId', case when r.deleted_at is not null then r.id end, 'grantedAt', g.granted_at,
      'grantedBy', g.granted_by_id, 'expiresAt', g.expires_at, 'expiryAnnouncedAt', g.expiry_announced_at,
      'revokedAt', g.revoked_at, 'revokedBy', g.revoked_by_id))
    order by g.granted_at, r.name, r.id, g.revoked_at, g.expires_at, g.granted_by_id, g.revoked_by_id, g.id)
  from role_grants g left join roles r on r.id = g.role_id where g.user_id = u.id`;

const states = `
  select json_agg(json_build_object('since', s.since, 'email', s.email, 'active', s.is_active, 'admin', s.is_admin)
    order by s.since, s.serial)
  from account_states s where s.user_id = u.id`;

const codes = `
  select json_agg(json_strip_nulls(json_build_object('hash', encode(c.code_hash, 'hex'), 'usedAt', c.used_at)))
  from recovery_codes c where c.user_id = u.id`;

/** A page of people in the order of their ids. `$1`: the id before; `$2`: how many; `$3`: whether with secrets. */
export const people = `
  select u.id, json_strip_nulls(json_build_object('type', 'person', 'id', u.id, 'username', u.username, 'email', u.email,
      'verified', u.is_verified, 'active', u.is_active, 'admin', u.is_admin,
      'passwordHash', case when $3::boolean then nullif(u.password_hash, '${noPassword}') end, 'firstName', u.first_name,
      'lastName', u.last_name, 'avatarUrl', u.avatar_url, 'bio', u.bio, 'location', u.location, 'website', u.website,
      'timezone', u.timezone, 'language', u.language, 'emailNotifications', u.email_notifications,
      'createdAt', u.created_at, 'lastLoginAt', u.last_login_at, 'passwordChangedAt', u.password_changed_at,
      'grants', (${grants}), 'states', (${states}))) as record,
    f.sealed_secret as sealed, to_json(f.confirmed_at) as "confirmedAt", case when f.user_id is not null then (${codes}) end as codes
  from users u left join two_factors f on f.user_id = u.id and f.confirmed_at is not null and $3::boolean
  where u.id > $1::uuid order by u.id limit $2`;
