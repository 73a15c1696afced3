import type { EntityManager } from '@mikro-orm/postgresql';
import { standingGrant } from './grants.js';
import { isOwnScope, type PermissionName } from './policy.js';

/** A scope `resource:*` is held only by a permission for any action. */
const notPermitted = `
  select wanted.scope from json_array_elements_text(?::json) as wanted (scope)
  where not exists (
    select from role_grants g join permissions p on p.role_id = g.role_id
    where g.user_id = ? and g.granted_at <= ? and ${standingGrant('g', '?')}
      and p.resource in ('*', split_part(wanted.scope, ':', 1))
      and p.action in ('*', split_part(wanted.scope, ':', 2)))`;

/**
 * What a user, who is no administrator, may not do at this instant: neither to their own things nor by
 * any role held. A permission with conditions counts, since it is met or missed only when it is used.
 */
export async function scopesNotHeld(
  em: EntityManager,
  userId: string,
  scopes: readonly PermissionName[],
  now: Date,
): Promise<string[]> {
  const asked = scopes.filter((scope) => !isOwnScope(scope));
  if (asked.length === 0) return [];
  const rows: { scope: string }[] = await em.execute(notPermitted, [JSON.stringify(asked), userId, now, now]);
  return rows.map(({ scope }) => scope);
}
