import { userAttributeColumns } from '../access/account-attributes.js';
import { type BoundedCount, boundedCount, totalsOf } from '../database/bounded-count.js';
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
import { isUuid } from '../database/uuid.js';
import type { Operation } from '../operation.js';
import { permittedRows } from '../policy/permitted-rows.js';
import type { Session } from './session.entity.js';
import { sessionColumns } from './session-rows.js';

export interface SessionFilter {
  readonly userId?: string | null | undefined;
  /** Of the sign-in, compared as a whole. */
  readonly ipAddress?: string | null | undefined;
}

const newestFirst: Order = {
  expression: 'sessions.created_at',
  type: 'timestamptz',
  id: 'sessions.id',
  direction: 'desc',
};

/**
 * Lists the open sessions of the accounts that the caller may read, those opened last first.
 * @returns one page; its `total` counts only when called
 * @throws BAD_USER_INPUT for an invalid page request
 */
export async function listSessions(
  operation: Operation,
  filter: SessionFilter | null | undefined,
  page: PageRequest,
): Promise<Page<Session>> {
  const { lists: sql } = operation.services.database;
  const window = windowOf(page);
  const parameters = new Parameters();
  const source = openSessions(operation, filter, parameters);
  const { bounds, orderBy } = keysetOf(window, newestFirst, parameters);
  const text = `select ${sessionColumns}, created_at::text as position ${[source, ...bounds].join(' and ')}
    order by ${orderBy} limit ${parameters.add(window.size + 1)}`;
  const rows = await refusingCursors(sql.rows<Placed<Session>>(text, parameters.values, 'fresh'));
  const counts = totalsOf(() => countSessions(operation, filter));
  return { ...pageOf(rows, window, cursorOfPlaced, counts.total), ...counts };
}

function countSessions(operation: Operation, filter: SessionFilter | null | undefined): Promise<BoundedCount> {
  const parameters = new Parameters();
  const source = openSessions(operation, filter, parameters);
  return boundedCount(operation.services.database.lists, source, parameters.values, 'fresh');
}

/** @returns `from sessions where …`; a malformed id matches nothing */
function openSessions(
  { services, caller }: Operation,
  filter: SessionFilter | null | undefined,
  parameters: Parameters,
): string {
  const conditions = ['ended_at is null', `expires_at > ${parameters.add(services.clock.now())}`];
  const readable = permittedRows(caller?.rights, 'user:read', userAttributeColumns, parameters);
  if (readable !== 'true') conditions.push(`exists (select from users u where u.id = user_id and ${readable})`);
  const { userId, ipAddress } = filter ?? {};
  if (userId != null) conditions.push(isUuid(userId) ? `user_id = ${parameters.add(userId)}::uuid` : 'false');
  if (ipAddress != null) conditions.push(`ip_address = ${parameters.add(ipAddress)}`);
  return `from sessions where ${conditions.join(' and ')}`;
}
