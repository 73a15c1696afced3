import type { Parameters } from '../database/keyset.js';
import { type Columns, conditionSql } from './condition-sql.js';
import type { OwnPermission } from './permission-catalogue.js';
import type { Rights } from './rights.js';

/**
 * Applies the access decision in SQL, so that pages and counts include only rows that the caller may access.
 * @param rights undefined for an anonymous caller, who may access none
 * @returns a boolean expression, never null, for a where clause
 * @example
 * const text = `select … from posts p where ${permittedRows(rights, 'post:read', postAttributeColumns, parameters)}`;
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
