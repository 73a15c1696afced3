import { userAttributeColumns } from '../access/account-attributes.js';
import { grantInForce } from '../access/grants.js';
import type { Parameters } from '../database/keyset.js';
import { contains } from '../database/search-text.js';
import type { Operation } from '../operation.js';
import { permittedRows } from '../policy/permitted-rows.js';
import { lockedIds } from './locked-ids.js';

export interface UserFilter {
  /** Name of a currently held role. */
  readonly role?: string | null | undefined;
  readonly isActive?: boolean | null | undefined;
  readonly isVerified?: boolean | null | undefined;
  readonly isAdmin?: boolean | null | undefined;
  readonly isLocked?: boolean | null | undefined;
  readonly createdAfter?: Date | null | undefined;
  readonly createdBefore?: Date | null | undefined;
}

/** Conditions of a list of users. */
export interface Selection {
  readonly search?: string | null | undefined;
  readonly filter?: UserFilter | null | undefined;
  /** Id of a role that the users hold. Null: the requested role does not exist, so nobody matches. Undefined: any. */
  readonly role: string | null | undefined;
}

/**
 * Resolves the role in advance, so that the statement has its id: the best plan depends on how many hold this role.
 * @returns undefined if no role was requested, null if there is none of that name
 */
export async function roleAsked(
  { services }: Operation,
  { filter, roleId }: { readonly filter?: UserFilter | null | undefined; readonly roleId?: string },
): Promise<string | null | undefined> {
  if (!roleId && filter?.role == null) return undefined;
  const { roles } = await services.roleCatalogue.current();
  const name = filter?.role?.trim().normalize('NFKC').toLowerCase();
  const role = roles.find((each) => (roleId ? each.id === roleId : each.name.toLowerCase() === name));
  return role?.id ?? null;
}

/** Conditions for `from users u`, to be combined with `and`. */
export function conditions(
  { services, caller }: Operation,
  { search, filter, role }: Selection,
  parameters: Parameters,
): string[] {
  const readable = permittedRows(caller?.rights, 'user:read', userAttributeColumns, parameters);
  const found = readable === 'true' ? [] : [readable];
  const flags = { is_active: filter?.isActive, is_verified: filter?.isVerified, is_admin: filter?.isAdmin } as const;
  for (const [column, wanted] of Object.entries(flags))
    if (wanted != null) found.push(`u.${column} = ${parameters.add(wanted)}`);
  const now = services.clock.now();
  if (filter?.isLocked != null) found.push(`${filter.isLocked ? '' : 'not '}${isLocked(parameters.add(now))}`);
  if (filter?.createdAfter) found.push(`u.created_at > ${parameters.add(filter.createdAfter)}`);
  if (filter?.createdBefore) found.push(`u.created_at < ${parameters.add(filter.createdBefore)}`);
  if (role) found.push(holds(parameters.add(role), parameters.add(now)));
  if (role === null) found.push('false');
  if (search) found.push(matches(search, services.searchIndex.serves('users'), parameters));
  return found;
}

/** What `conditions` select when a role is the only one: for `from`, with a row for each holder, read from an index alone. */
export const holders = (role: string, now: Date, parameters: Parameters): string => `(
  select distinct g.user_id from role_grants g
  where g.role_id = ${parameters.add(role)} and ${grantInForce('g', parameters.add(now))}) holders`;

const holds = (role: string, now: string): string =>
  `exists (select from role_grants g where g.user_id = u.id and g.role_id = ${role} and ${grantInForce('g', now)})`;

/** Same condition as `lockedUntil` in user-rows.ts, but starting from the few locked accounts instead of every user. */
const isLocked = (now: string): string => `u.id in (${lockedIds(now)})`;

/** Names are stored in NFC and identifiers in NFKC, so the term is searched in both forms if they differ. */
function matches(search: string, isIndexed: boolean, parameters: Parameters): string {
  const spellings = new Set([search.normalize('NFC'), search.normalize('NFKC')]);
  const found = [...spellings].map((term) => `(${contains('users', term, isIndexed, (text) => parameters.add(text))})`);
  return `(${found.join(' or ')})`;
}
