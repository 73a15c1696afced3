import { userAttributeColumns } from '../access/account-attributes.js';
import type { RoleGrant } from '../access/role-grant.entity.js';
import { grantColumns } from '../access/role-rows.js';
import { boundedCount, totalsOf } from '../database/bounded-count.js';
import { type PageRequest, Parameters, windowOf } from '../database/keyset.js';
import {
  cursorOfPlaced,
  keysetOf,
  type Order,
  type Page,
  type Placed,
  pageOf,
  refusingCursors,
} from '../database/pages.js';
import type { Operation } from '../operation.js';
import { permittedRows } from '../policy/permitted-rows.js';

/**
 * SQL source `role_grants g` of the grants that are in force and end by themselves. What has not ended has not been
 * recorded as ended either, which the index of ends knows.
 * @param now placeholder of the instant
 * @param before placeholder of the instant before which they end
 */
export const endingGrants = (now: string, before: string): string => `
  role_grants g join roles r on r.id = g.role_id and r.deleted_at is null join users u on u.id = g.user_id
  where g.expires_at > ${now} and g.expires_at < ${before} and g.expires_at is not null and g.granted_at <= ${now}
    and g.revoked_at is null and g.expiry_recorded_at is null`;

const firstToEnd: Order = { expression: 'g.expires_at', type: 'timestamptz', id: 'g.id', direction: 'asc' };

/**
 * Lists the grants to users whom the caller may read, those that end first at first.
 * @throws BAD_USER_INPUT for invalid page arguments
 */
export async function listEndingGrants(
  { services, caller }: Operation,
  before: Date,
  page: PageRequest,
): Promise<Page<RoleGrant>> {
  const { lists: sql } = services.database;
  const window = windowOf(page);
  const parameters = new Parameters();
  const source = endingGrants(parameters.add(services.clock.now()), parameters.add(before));
  const where = `from ${source} and ${permittedRows(caller?.rights, 'user:read', userAttributeColumns, parameters)}`;
  const counted = [...parameters.values];
  const { bounds, orderBy } = keysetOf(window, firstToEnd, parameters);
  const text = `select ${grantColumns}, g.expires_at::text as position ${[where, ...bounds].join(' and ')}
    order by ${orderBy} limit ${parameters.add(window.size + 1)}`;
  const rows = await refusingCursors(sql.rows<Placed<RoleGrant>>(text, parameters.values, 'fresh'));
  const counts = totalsOf(() => boundedCount(sql, where, counted, 'fresh'));
  return { ...pageOf(rows, window, cursorOfPlaced, counts.total), ...counts };
}
