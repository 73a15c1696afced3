import { standingGrant } from '../access/grants.js';
import { permittedRows } from '../access/permitted-rows.js';
import { encodeCursor, type PageRequest, Parameters, type Place, type Window, windowOf } from '../database/keyset.js';
import { badInput } from '../errors.js';
import type { Operation } from '../operation.js';
import { userAttributeColumns } from './user-attributes.js';
import { allFields, lockedUntil, type UserRow, userColumns, withRoles } from './user-rows.js';

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

export interface UserFilter {
  /** Name of a role held now. */
  readonly role?: string | null | undefined;
  readonly isActive?: boolean | null | undefined;
  readonly isVerified?: boolean | null | undefined;
  readonly isAdmin?: boolean | null | undefined;
  readonly isLocked?: boolean | null | undefined;
  readonly createdAfter?: Date | null | undefined;
  readonly createdBefore?: Date | null | undefined;
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
  const where = [
    ...conditions(operation, query, parameters),
    ...bounds(window, expression, type, order.direction, parameters),
  ];
  const direction = descending ? 'desc' : 'asc';
  const now = () => parameters.add(operation.services.clock.now());
  const selected = userColumns(query.fields ?? allFields, now);
  const text = `select ${selected}, (${expression})::text as "place" from users u ${whereClause(where)}
    order by ${expression} ${direction}, u.id ${direction} limit ${parameters.add(window.size + 1)} offset ${parameters.add(window.offset)}`;
  const rows = await readPage(operation, text, parameters);
  const hasMore = rows.length > window.size;
  const kept = await withRoles(rows.slice(0, window.size), operation.services.roleCatalogue);
  if (window.backward) kept.reverse();
  const edges = kept.map(edgeOf);
  return { edges, hasMore, window, total: () => countUsers(operation, query) };
}

type PlacedRow = UserRow & { place: string };

/** The cursor is written when somebody asks for it. */
const edgeOf = (node: PlacedRow) => ({
  node,
  get cursor() {
    return encodeCursor({ value: node.place, id: node.id });
  },
});

/** A cursor whose value does not read as the order's type was made for another order. */
async function readPage({ services }: Operation, text: string, { values }: Parameters): Promise<PlacedRow[]> {
  try {
    return await services.database.sql.rows<PlacedRow>(text, values);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === '22007' || code === '22008' || code === '22P02') throw badInput('The cursor is not one of this list.');
    throw error;
  }
}

async function countUsers(operation: Operation, query: UserQuery): Promise<number> {
  const parameters = new Parameters();
  const where = conditions(operation, query, parameters);
  const row = await operation.services.database.sql.row<{ count: string }>(
    `select count(*) from users u ${whereClause(where)}`,
    parameters.values,
  );
  return Number(row?.count);
}

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

function conditions(
  { services, caller }: Operation,
  { search, filter, roleId }: UserQuery,
  parameters: Parameters,
): string[] {
  const found = [permittedRows(caller?.rights, 'user:read', userAttributeColumns, parameters)];
  const flags = { is_active: filter?.isActive, is_verified: filter?.isVerified, is_admin: filter?.isAdmin } as const;
  for (const [column, wanted] of Object.entries(flags))
    if (wanted != null) found.push(`u.${column} = ${parameters.add(wanted)}`);
  const now = services.clock.now();
  if (filter?.isLocked != null)
    found.push(`coalesce(${lockedUntil} > ${parameters.add(now)}, false) = ${parameters.add(filter.isLocked)}`);
  if (filter?.createdAfter) found.push(`u.created_at > ${parameters.add(filter.createdAfter)}`);
  if (filter?.createdBefore) found.push(`u.created_at < ${parameters.add(filter.createdBefore)}`);
  if (filter?.role != null)
    found.push(
      holds(`lower(r.name) = lower(${parameters.add(filter.role.trim().normalize('NFKC'))})`, parameters.add(now)),
    );
  if (roleId) found.push(holds(`r.id = ${parameters.add(roleId)}`, parameters.add(now)));
  if (search) found.push(matches(parameters.add(`%${literally(search)}%`)));
  return found;
}

const holds = (role: string, now: string): string =>
  `exists (select 1 from role_grants g join roles r on r.id = g.role_id where g.user_id = u.id and r.deleted_at is null
    and ${role} and ${standingGrant('g', now)})`;

const matches = (pattern: string): string =>
  `(${['username', 'email', 'first_name', 'last_name'].map((column) => `u.${column} ilike ${pattern}`).join(' or ')})`;

/** %, _ and \ are what somebody typed, not patterns. */
const literally = (search: string): string => search.normalize('NFKC').replaceAll(/[\\%_]/g, '\\$&');
