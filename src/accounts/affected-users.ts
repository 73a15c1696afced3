import { userAttributeColumns } from '../access/account-attributes.js';
import { grantInForce } from '../access/grants.js';
import { holderOf, type RoleChangePreview } from '../access/predict/preview-role-change.js';
import { isOfAdministrators, type Prediction } from '../access/predict/role-change.js';
import type { NamedPermissionTerms } from '../access/roles/permission-terms.js';
import { type StandingRow, standingColumns, standingOf } from '../access/standing.js';
import { encodeCursor, type PageRequest, Parameters, type Window, windowOf } from '../database/keyset.js';
import type { Operation } from '../operation.js';
import { permittedRows } from '../policy/permitted-rows.js';
import { Rights } from '../policy/rights.js';
import { type UserRow, usersByIds } from './user-rows.js';

/** A user, with what a change of a role gives to and takes from them. */
export interface AffectedUser {
  readonly user: UserRow;
  readonly gains: readonly NamedPermissionTerms[];
  readonly losses: readonly NamedPermissionTerms[];
}

type Predicted = RoleChangePreview & { readonly prediction: Prediction };

/** Planned anew for each execution, since the best plan depends on how many users hold these roles. */
const planning = 'fresh';

/** @returns how many users would gain or lose something, of those whom the caller may read */
export async function countAffectedUsers(operation: Operation, preview: RoleChangePreview): Promise<number> {
  if (!isPredicted(preview)) return 0;
  const parameters = new Parameters();
  const text = `select count(*) from (${affected(operation, preview, parameters)}) affected`;
  const row = await operation.services.database.sql.row<{ count: string }>(text, parameters.values, planning);
  return Number(row?.count);
}

/**
 * One page of the affected users, in the order of their ids.
 * @param fields names of the GraphQL fields that are selected of each user
 * @throws BAD_USER_INPUT for an invalid page request
 */
export async function listAffectedUsers(
  operation: Operation,
  preview: RoleChangePreview,
  page: Pick<PageRequest, 'first' | 'after'>,
  fields: ReadonlySet<string>,
) {
  const window = windowOf(page);
  const rows = isPredicted(preview) ? await readPage(operation, preview, window) : [];
  const nodes = await withUsers(operation, preview, rows.slice(0, window.size), fields);
  const edges = nodes.map((node) => ({ node, cursor: encodeCursor({ value: '', id: node.user.id }) }));
  return { edges, hasMore: rows.length > window.size, window };
}

const isPredicted = (preview: RoleChangePreview): preview is Predicted => preview.prediction !== undefined;

/** Reads the affected users and their standing in one statement, so that both are of the same instant. */
function readPage(operation: Operation, preview: Predicted, { size, after }: Window): Promise<StandingRow[]> {
  const parameters = new Parameters();
  const limit = parameters.add(size + 1);
  const later = after ? `u.id > ${parameters.add(after.id)}::uuid` : 'true';
  // Without shields, each branch can stop after one page. With shields the planner cannot estimate how few users
  // remain, and walking users by their ids until a page is full takes ten times as long as finding all affected users.
  const isShielded = preview.prediction.shields?.some((set) => set.length > 0) ?? false;
  const tail = isShielded ? '' : `order by u.id limit ${limit}`;
  const ids = affected(operation, preview, parameters, { later, tail });
  const text = `with affected as ${isShielded ? 'materialized ' : ''}(${ids})
    select ${standingColumns(parameters.add(preview.now))} from users u
    where u.id in (select id from affected order by id limit ${limit}) order by u.id`;
  return operation.services.database.sql.rows<StandingRow>(text, parameters.values, planning);
}

async function withUsers(
  { services }: Operation,
  { prediction, now }: RoleChangePreview,
  rows: readonly StandingRow[],
  fields: ReadonlySet<string>,
): Promise<AffectedUser[]> {
  if (!prediction || rows.length === 0) return [];
  const { database, roleCatalogue } = services;
  const ids = rows.map(({ userId }) => userId);
  const users = await usersByIds(database.sql, roleCatalogue, ids, now, fields);
  return rows.flatMap((row, place) => {
    const user = users[place];
    const rights = new Rights(standingOf(row), prediction.before, { now: () => now });
    return user ? [{ user, ...prediction.of(holderOf(rights)) }] : [];
  });
}

/** No restriction and no limit. */
const whole = { later: 'true', tail: '' };

/**
 * Builds a statement that selects ids: holders of the role without a shielding role, and named users who are affected.
 */
function affected(operation: Operation, preview: Predicted, parameters: Parameters, part = whole): string {
  const { prediction, named, namedAffected, now } = preview;
  const of = (where: string) => `(select u.id from users u where ${part.later} and ${where} ${part.tail})`;
  const those = of(`u.id = any(${parameters.add(namedAffected)}::uuid[])`);
  const { shields, change } = prediction;
  if (!shields) return those;
  const instant = () => parameters.add(now);
  const holders = isOfAdministrators(change.role)
    ? 'u.is_admin'
    : `not u.is_admin and u.id in (${holding(parameters.add([change.role.id]), instant)})`;
  const permitted = permittedRows(operation.caller?.rights, 'user:read', userAttributeColumns, parameters);
  const others = of(`u.is_active and u.id <> all(${parameters.add(named)}::uuid[]) and ${permitted} and ${holders}
    and ${unshielded(shields, instant, parameters)}`);
  return `${others} union all ${those}`;
}

/**
 * Condition that no other role of the user already grants the same. Reads the grants of all shielding roles once,
 * however many sets of them there are.
 */
function unshielded(shields: readonly (readonly string[])[], instant: () => string, parameters: Parameters): string {
  if (shields.some((set) => set.length === 0)) return 'true';
  const [only = [], ...others] = shields;
  if (others.length === 0) return `not exists (${holding(parameters.add(only), instant)} and g.user_id = u.id)`;
  const all = holding(parameters.add([...new Set(shields.flat())]), instant);
  const ofEach = shields.map((set) => `bool_or(g.role_id = any(${parameters.add(set)}::uuid[]))`);
  return `not exists (select from (${all} group by g.user_id having ${ofEach.join(' and ')}) shielded
    where shielded.user_id = u.id)`;
}

const holding = (roles: string, instant: () => string): string =>
  `select g.user_id from role_grants g where g.role_id = any(${roles}::uuid[]) and ${grantInForce('g', instant())}`;
