import type { Parameters } from '../database/keyset.js';
import { type Columns, conditionSql } from './condition-sql.js';
import type { OwnPermission } from './permission-catalogue.js';
import type { Rights } from './rights.js';

/**
 * The same decision for rows that are not read yet, so that pages and counts hold what the caller may have and
 * nothing else.
 * @param rights undefined: of nobody, who may nothing
 * @returns a condition, never null, for a where clause
 */
export function permittedRows(
  rights: Rights | undefined,
  permission: OwnPermission,
  columns: Columns,
  parameters: Parameters,
): string {
  const extent = rights?.extentOf(permission) ?? 'none';
  if (!rights || extent !== 'some') return String(extent === 'all');
  const { binding } = rights;
  const ways = rights
    .matching(permission)
    .map(({ predicate }) => (predicate ? conditionSql(predicate, binding, columns, parameters) : 'true'));
  return `(${ways.join(' or ')})`;
}
