import { encodeCursor, type PageRequest, Parameters, type Place, type Window, windowOf } from '../database/keyset.js';
import type { Planning } from '../database/sql.js';
import { badInput } from '../errors.js';
import type { Operation } from '../operation.js';
import { conditions, roleAsked, type Selection, type UserFilter } from './user-conditions.js';
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
  /** Part of a username, e-mail address, first or last name; case does not matter. */
  readonly search?: string | null | undefined;
  readonly filter?: UserFilter | null | undefined;
  readonly orderBy?: { readonly field: UserOrderField; readonly direction: OrderDirection } | null | undefined;
  /** Only holders of this role. */
  readonly roleId?: string;
  /** Names of the GraphQL fields that will be asked of each user; default: all. */
  readonly fields?: ReadonlySet<string>;
}

/** One page, with what is needed to ask for the next; `total` is counted only when asked for. */
export interface UserPage {
  readonly edges: readonly { readonly cursor: string; readonly node: UserRow }[];
  readonly hasMore: boolean;
  readonly window: Window;
  readonly total: () => Promise<number>;
}

/** The value a list is ordered by, and its type in PostgreSQL. Never null, so that cursors can stand on it. */
const orders: Record<UserOrderField, { expression: string; type: string }> = {
  USERNAME: { expression: 'u.username', type: 'text' },
  EMAIL: { expression: 'u.email', type: 'text' },
  CREATED_AT: { expression: 'u.created_at', type: 'timestamptz' },
  LAST_LOGIN_AT: { expression: `coalesce(u.last_login_at, '-infinity')`, type: 'timestamptz' },
};

/** @throws BAD_USER_INPUT for a page request that makes no sense */
export async function listUsers(operation: Operation, query: UserQuery, page: PageRequest): Promise<UserPage> {
  const window = windowOf(page);
  const order = query.orderBy ?? { field: UserOrderField.CREATED_AT, direction: OrderDirection.ASC };
  const descending = (order.direction === OrderDirection.DESC) !== window.backward;
  const { expression, type } = orders[order.field];
  const parameters = new Parameters();
  const selection = { ...query, role: await roleAsked(operation, query) };
  const narrowed = conditions(operation, selection, parameters);
  const where = [...narrowed, ...bounds(window, expression, type, order.direction, parameters)];
  const direction = descending ? 'desc' : 'asc';
  const now = () => parameters.add(operation.services.clock.now());
  const selected = userColumns(query.fields ?? allFields, now);
  const text = `select ${selected}, (${expression})::text as "place" from users u ${whereClause(where)}
    order by ${expression} ${direction}, u.id ${direction} limit ${parameters.add(window.size + 1)} offset ${parameters.add(window.offset)}`;
  const rows = await readPage(operation, text, parameters, planningOf(narrowed));
  const hasMore = rows.length > window.size;
  const kept = await withRoles(rows.slice(0, window.size), operation.services.roleCatalogue);
  if (window.backward) kept.reverse();
  const edges = kept.map(edgeOf);
  return { edges, hasMore, window, total: () => countUsers(operation, selection) };
}

type PlacedRow = UserRow & { place: string };

/** The cursor is written when somebody asks for it. */
const edgeOf = (node: PlacedRow) => ({
  node,
  get cursor() {
    return encodeCursor({ value: node.place, id: node.id });
  },
});

/** A cursor whose value does not read as the order's type was made for another order, or by somebody else. */
async function readPage(
  { services }: Operation,
  text: string,
  { values }: Parameters,
  planning: Planning,
): Promise<PlacedRow[]> {
  try {
    return await services.database.sql.rows<PlacedRow>(text, values, planning);
  } catch (error) {
    // SQLSTATE class 22: data exceptions; which one depends on what was put in the place of an instant.
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code.startsWith('22')) throw badInput('The cursor is not one of this list.');
    throw error;
  }
}

async function countUsers(operation: Operation, selection: Selection): Promise<number> {
  const parameters = new Parameters();
  const where = conditions(operation, selection, parameters);
  const row = await operation.services.database.sql.row<{ count: string }>(
    `select count(*) from users u ${whereClause(where)}`,
    parameters.values,
    planningOf(where),
  );
  return Number(row?.count);
}

/** Whether an order's index is walked or the few matches are sorted depends on how many a value matches. */
const planningOf = (narrowed: readonly string[]): Planning => (narrowed.length > 0 ? 'fresh' : 'kept');

const whereClause = (conditions: readonly string[]): string =>
  conditions.length > 0 ? `where ${conditions.join(' and ')}` : '';

/** Rows strictly after and before the cursors, in the list's own order. */
function bounds(
  window: Window,
  expression: string,
  type: string,
  direction: OrderDirection,
  parameters: Parameters,
): string[] {
  const [later, sooner] = direction === OrderDirection.ASC ? ['>', '<'] : ['<', '>'];
  const bound = (place: Place, comparison: string) =>
    `(${expression}, u.id) ${comparison} (${parameters.add(place.value)}::text::${type}, ${parameters.add(place.id)}::uuid)`;
  return [
    ...(window.after ? [bound(window.after, later)] : []),
    ...(window.before ? [bound(window.before, sooner)] : []),
  ];
}
