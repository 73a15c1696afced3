import { type BoundedCount, boundedCount, totalsOf } from '../database/bounded-count.js';
import { type PageRequest, Parameters, type Window, windowOf } from '../database/keyset.js';
import {
  cursorOfPlaced,
  keysetOf,
  type Order,
  type Page,
  type Placed,
  pageOf,
  refusingCursors,
} from '../database/pages.js';
import type { Planning } from '../database/sql.js';
import type { Operation } from '../operation.js';
import { conditions, holders, roleAsked, type Selection, type UserFilter } from './user-conditions.js';
import { allFields, type UserRow, userColumns, withRoles } from './user-rows.js';

export enum UserOrderField {
  USERNAME = 'USERNAME',
  EMAIL = 'EMAIL',
  CREATED_AT = 'CREATED_AT',
  LAST_LOGIN_AT = 'LAST_LOGIN_AT',
}
export enum OrderDirection {
  ASC = 'ASC',
  DESC = 'DESC',
}

export interface UserQuery {
  /** Part of a username, e-mail address, first or last name; case-insensitive. */
  readonly search?: string | null | undefined;
  readonly filter?: UserFilter | null | undefined;
  readonly orderBy?: { readonly field: UserOrderField; readonly direction: OrderDirection } | null | undefined;
  /** Restricts the list to holders of this role. */
  readonly roleId?: string;
  /** Names of the GraphQL fields that are selected of each user; default: all. */
  readonly fields?: ReadonlySet<string>;
  /** False: only `total` will be asked for. Cursors are checked all the same. Default: true. */
  readonly isRead?: boolean;
}

const orders: Record<UserOrderField, Pick<Order, 'expression' | 'type'>> = {
  USERNAME: { expression: 'u.username', type: 'text' },
  EMAIL: { expression: 'u.email', type: 'text' },
  CREATED_AT: { expression: 'u.created_at', type: 'timestamptz' },
  LAST_LOGIN_AT: { expression: `coalesce(u.last_login_at, '-infinity')`, type: 'timestamptz' },
};

/**
 * Lists the users whom the caller may read.
 * @returns one page; its `total` counts only when called
 * @throws BAD_USER_INPUT for an invalid page request
 */
export async function listUsers(operation: Operation, query: UserQuery, page: PageRequest): Promise<Page<UserRow>> {
  const window = windowOf(page);
  const selection = { ...query, role: await roleAsked(operation, query) };
  const isRead = query.isRead !== false || page.after != null || page.before != null;
  const rows = isRead ? await readUsers(operation, selection, query, window) : [];
  const counts = totalsOf(() => countUsers(operation, selection));
  return { ...pageOf(rows, window, cursorOfPlaced, counts.total), ...counts };
}

async function readUsers(operation: Operation, selection: Selection, query: UserQuery, window: Window) {
  const { clock, database, roleCatalogue } = operation.services;
  const order = orderOf(query);
  const parameters = new Parameters();
  const narrowed = conditions(operation, selection, parameters);
  const { bounds, orderBy } = keysetOf(window, order, parameters);
  const columns = userColumns(query.fields ?? allFields, () => parameters.add(clock.now()));
  const text = `select ${columns}, (${order.expression})::text as "position" from users u ${whereClause([...narrowed, ...bounds])}
    order by ${orderBy} limit ${parameters.add(window.size + 1)} offset ${parameters.add(window.offset)}`;
  const reading = database.lists.rows<Placed<UserRow>>(text, parameters.values, planningOf(narrowed));
  return withRoles(await refusingCursors(reading), roleCatalogue);
}

/** The default order is by creation, oldest first. */
function orderOf({ orderBy }: UserQuery): Order {
  const { expression, type } = orders[orderBy?.field ?? UserOrderField.CREATED_AT];
  return { expression, type, id: 'u.id', direction: orderBy?.direction === OrderDirection.DESC ? 'desc' : 'asc' };
}

function countUsers(operation: Operation, selection: Selection): Promise<BoundedCount> {
  const { clock, database } = operation.services;
  const parameters = new Parameters();
  const where = conditions(operation, selection, parameters);
  if (selection.role && where.length === 1) {
    // Joined with `users`, each holder would be looked up.
    const alone = new Parameters();
    return boundedCount(database.lists, `from ${holders(selection.role, clock.now(), alone)}`, alone.values, 'fresh');
  }
  return boundedCount(database.lists, `from users u ${whereClause(where)}`, parameters.values, planningOf(where));
}

/**
 * With conditions, the plan is made for the actual values: whether to walk the order's index or to sort the matches
 * depends on how many rows match.
 */
const planningOf = (narrowed: readonly string[]): Planning => (narrowed.length > 0 ? 'fresh' : 'kept');

const whereClause = (conditions: readonly string[]): string =>
  conditions.length > 0 ? `where ${conditions.join(' and ')}` : '';
