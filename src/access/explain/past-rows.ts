import type { Sql } from '../../database/sql.js';
import { revokedAt } from '../grants.js';
import type { GrantRecord, PastRecord, RoleRecord } from './past.js';

/** Whose rights to reconstruct, and at which instant. */
export interface Moment {
  readonly userId: string;
  readonly at: Date;
  /** False for the present and the future: then the present state is used, and only grants begin and end. */
  readonly isPast: boolean;
  /** Null: rights in a session. */
  readonly apiTokenId: string | null;
}

interface Row extends Pick<PastRecord, 'account'> {
  readonly grants: readonly GrantRecord[];
  readonly roles: readonly RoleRecord[];
  /** Null when the user has no such token. */
  readonly token: { readonly scopes: readonly string[]; readonly isAlive: boolean } | null;
}

/**
 * Reads everything in one statement and thus from one snapshot.
 * @returns `no user` or `no token` when the user, or their API token, does not exist
 */
export async function readPast(sql: Sql, moment: Moment): Promise<PastRecord | 'no user' | 'no token'> {
  const at = moment.at.toISOString();
  const known = moment.isPast ? at : 'infinity';
  const row = await sql.row<Row>(text, [moment.userId, at, known, moment.apiTokenId]);
  if (!row) return 'no user';
  const { token, ...past } = row;
  if (moment.apiTokenId === null) return past;
  return token ? { ...past, scopes: token.isAlive ? token.scopes : [] } : 'no token';
}

export const milliseconds = (column: string): string => `extract(epoch from ${column}) * 1000`;

/**
 * The account's columns as they were. Intervals include their start and exclude their end.
 * @param known placeholder of an instant, changes after which are ignored; `infinity`: as it is now
 */
export const accountThen = (known: string): string => `
  select u.email, u.is_active, u.is_admin where ${known}::timestamptz = 'infinity'
  union all (
    select a.email, a.is_active, a.is_admin from account_states a
    where a.user_id = u.id and a.since <= ${known} and ${known} < 'infinity' order by a.since desc, a.serial desc limit 1)`;

/** A `GrantRecord`, for statements with `from role_grants g` and its `ended_at` by `revokedAt`. */
export const grantJson = (endedAt: string, known: string): string => `json_build_object('id', g.id, 'userId', g.user_id,
  'roleId', g.role_id, 'grantedAt', ${milliseconds('g.granted_at')}, 'grantedById', g.granted_by_id,
  'expiresAt', ${milliseconds('g.expires_at')}, 'revokedAt', ${milliseconds(endedAt)},
  'revokedById', g.revoked_by_id, 'isRevoked', coalesce(${endedAt} <= ${known}, false))`;

/** `$2`: the instant; `$3`: changes after it are ignored. */
const grants = `
  select coalesce(json_agg(${grantJson('g.ended_at', '$3')} order by g.granted_at desc, g.id), '[]') from given g`;

const nameThen = (known: string): string => `
  select n.name from role_names n
  where n.role_id = r.id and n.since <= ${known} and ${known} < 'infinity' order by n.since desc, n.serial desc limit 1`;

/**
 * The permissions of a role, and of a deleted one those that it had when it was deleted. For statements with `from roles
 * r`.
 * @param only further condition on `permissions p`
 */
export const permissionsThen = (known: string, only = 'true'): string => `
  select coalesce(json_agg(json_build_object('id', p.id, 'roleId', p.role_id, 'name', p.name, 'resource', p.resource,
      'action', p.action, 'conditions', p.conditions) order by p.resource, p.action, p.id), '[]')
  from permissions p where p.role_id = r.id and ${only} and p.created_at <= least(${known}, r.deleted_at)
    and (p.removed_at is null or p.removed_at > ${known} or p.removed_at >= r.deleted_at)`;

/** A `RoleRecord` as it was, for statements with `from roles r`. @param permissions subquery of its permissions */
export const roleJson = (permissions: string, known: string): string => `json_build_object('id', r.id,
  'name', coalesce((${nameThen(known)}), r.name), 'description', r.description, 'level', r.level, 'version', r.version,
  'isSystem', r.is_system, 'createdAt', ${milliseconds('r.created_at')}, 'updatedAt', ${milliseconds('r.updated_at')},
  'deletedAt', ${milliseconds('r.deleted_at')}, 'permissions', (${permissions}),
  'isLiving', r.created_at <= ${known} and (r.deleted_at is null or r.deleted_at > ${known}))`;

const roles = `
  select coalesce(json_agg(${roleJson(permissionsThen('$3'), '$3')} order by r.level desc, r.name), '[]')
  from roles r where r.id in (select role_id from given)`;

const token = `
  select json_build_object('scopes', to_json(t.scopes), 'isAlive', t.created_at <= $2
      and (t.revoked_at is null or t.revoked_at > $3) and (t.expires_at is null or t.expires_at > $2))
  from api_tokens t where t.id = $4::uuid and t.user_id = u.id`;

const text = `
  with given as (
    select g.*, ${revokedAt} as ended_at from role_grants g join roles r on r.id = g.role_id
    where g.user_id = $1::uuid and g.granted_at <= $2::timestamptz)
  select json_build_object('userId', u.id, 'email', coalesce(s.email, u.email),
      'isActive', coalesce(s.is_active, false), 'isAdmin', coalesce(s.is_admin, false)) as account,
    (${grants}) as grants, (${roles}) as roles, (${token}) as token
  from users u left join lateral (${accountThen('$3')}) s on true where u.id = $1::uuid`;
