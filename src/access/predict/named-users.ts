import { Parameters } from '../../database/keyset.js';
import type { Transaction } from '../../database/transaction.js';
import { isUuid } from '../../database/uuid.js';
import { permittedRows } from '../../policy/permitted-rows.js';
import { Rights } from '../../policy/rights.js';
import type { RoleBook } from '../../policy/role-book.js';
import { userAttributeColumns } from '../account-attributes.js';
import { type StandingRow, standingColumns, standingOf } from '../standing.js';
import { idsOf } from './check-role-change.js';
import type { RoleChangeInput } from './role-change-refusals.js';

/** Ids of all users that the input names. */
export const namedIds = ({ grantTo, revokeFrom }: RoleChangeInput): string[] =>
  idsOf([...(grantTo ?? []), ...(revokeFrom ?? [])]);

/**
 * @param rights of the caller
 * @returns of the users with these ids those whom the caller may read: the existence of others is not revealed
 */
export function readableStandings(
  sql: Pick<Transaction, 'rows'>,
  rights: Rights,
  ids: readonly string[],
  now: Date,
): Promise<StandingRow[]> {
  const parameters = new Parameters();
  const columns = standingColumns(parameters.add(now));
  const wanted = parameters.add(ids.filter(isUuid));
  const permitted = permittedRows(rights, 'user:read', userAttributeColumns, parameters);
  const text = `select ${columns} from users u where u.id = any(${wanted}::uuid[]) and ${permitted}`;
  return sql.rows<StandingRow>(text, parameters.values);
}

/** @param book at least the roles of these users @returns rights by user id, as of that instant */
export function rightsById(rows: readonly StandingRow[], book: RoleBook, now: Date): Map<string, Rights> {
  const clock = { now: () => now };
  return new Map(rows.map((row) => [row.userId, new Rights(standingOf(row), book, clock)]));
}
