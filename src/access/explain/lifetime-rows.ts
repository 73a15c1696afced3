import type { Sql } from '../../database/sql.js';
import { revokedAt } from '../grants.js';
import type { Lifetime } from './lifetime.js';
import { milliseconds } from './past-rows.js';

/** Whose rights to follow through time, and for which question. */
export interface Followed {
  readonly userId: string;
  readonly action: string;
  readonly resource: string;
}

/**
 * Reads all that was ever recorded of a user's rights to do something, in one statement and thus from one snapshot. Of
 * the permissions of their roles only those that apply to the action on the resource, removed ones included.
 * @returns undefined when there is no such user
 */
export const readLifetime = (sql: Sql, { userId, action, resource }: Followed): Promise<Lifetime | undefined> =>
  sql.row<Lifetime>(text, [userId, action, resource]);

const states = `
  select coalesce(json_agg(json_build_object('since', ${milliseconds('a.since')}, 'email', a.email,
      'isActive', a.is_active, 'isAdmin', a.is_admin) order by a.since, a.serial), '[]')
  from account_states a where a.user_id = u.id`;

const grants = `
  select coalesce(json_agg(json_build_object('id', g.id, 'userId', g.user_id, 'roleId', g.role_id,
      'grantedAt', ${milliseconds('g.granted_at')}, 'grantedById', g.granted_by_id,
      'expiresAt', ${milliseconds('g.expires_at')}, 'revokedAt', ${milliseconds('g.ended_at')},
      'revokedById', g.revoked_by_id)
    order by g.granted_at desc, g.id), '[]') from given g`;

const names = `
  select coalesce(json_agg(json_build_object('name', n.name, 'since', ${milliseconds('n.since')})
    order by n.since, n.serial), '[]') from role_names n where n.role_id = r.id`;

const permissions = `
  select coalesce(json_agg(json_build_object('id', p.id, 'roleId', p.role_id, 'name', p.name, 'resource', p.resource,
      'action', p.action, 'conditions', p.conditions, 'createdAt', ${milliseconds('p.created_at')},
      'removedAt', ${milliseconds('p.removed_at')}) order by p.resource, p.action, p.id), '[]')
  from permissions p where p.role_id = r.id and p.action in ('*', $2) and p.resource in ('*', $3)`;

const roles = `
  select coalesce(json_agg(json_build_object('id', r.id, 'name', r.name, 'description', r.description,
      'level', r.level, 'isSystem', r.is_system, 'createdAt', ${milliseconds('r.created_at')},
      'updatedAt', ${milliseconds('r.updated_at')}, 'deletedAt', ${milliseconds('r.deleted_at')},
      'names', (${names}), 'permissions', (${permissions}))
    order by r.level desc, r.name), '[]') from roles r where r.id in (select role_id from given)`;

const text = `
  with given as (
    select g.*, ${revokedAt} as ended_at from role_grants g join roles r on r.id = g.role_id
    where g.user_id = $1::uuid)
  select json_build_object('userId', u.id, 'email', u.email, 'isActive', u.is_active, 'isAdmin', u.is_admin) as account,
    (${states}) as states, (${grants}) as grants, (${roles}) as roles
  from users u where u.id = $1::uuid`;
