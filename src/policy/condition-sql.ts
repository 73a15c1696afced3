import { CompoundCondition, type Condition } from '@ucast/mongo2js';
import type { Parameters } from '../database/keyset.js';
import { columnTypes, type Order } from './condition-columns.js';
import { type Binding, boundLeaf, type Comparison, evaluate, type Predicate } from './condition-matching.js';

/** The column that holds an attribute. Instants must be within the years 1 to 9999; numbers are compared as doubles. */
interface Column {
  /** A column name, or an expression in parentheses. */
  readonly sql: string;
  readonly type: 'text' | 'uuid' | 'boolean' | 'number' | 'timestamptz';
}

/** Columns by attribute path. */
export type Columns = Readonly<Record<string, Column>>;

/** @returns a select list that reads each column under the name of its attribute */
export const selectionOf = (columns: Columns): string =>
  Object.entries(columns)
    .map(([attribute, { sql }]) => `${sql} as "${attribute}"`)
    .join(', ');

interface Translation {
  readonly binding: Binding;
  readonly columns: Columns;
  readonly parameters: Parameters;
}

/**
 * Translates a predicate to SQL.
 * @param columns an attribute without a column counts as missing; a null column counts as null
 * @returns a boolean expression that is never null and true exactly for the rows whose attributes match. Values are
 *   passed as parameters, a list as one, so the text depends only on the shape of the conditions.
 */
export const conditionSql = (
  predicate: Predicate,
  binding: Binding,
  columns: Columns,
  parameters: Parameters,
): string => nodeSql(predicate.ast, { binding, columns, parameters });

function nodeSql(node: Condition, translation: Translation): string {
  if (!(node instanceof CompoundCondition)) return leafSql(boundLeaf(node, translation.binding), translation);
  const members = node.value.map((member) => nodeSql(member, translation));
  if (node.operator === 'and') return joined(members, 'and', 'true');
  const either = joined(members, 'or', 'false');
  return node.operator === 'or' ? either : `not ${either}`;
}

const joined = (members: readonly string[], by: string, ofNone: string): string =>
  members.length === 0 ? ofNone : `(${members.join(` ${by} `)})`;

function leafSql(leaf: Comparison, { binding, columns, parameters }: Translation): string {
  const column = Object.hasOwn(columns, leaf.field) ? columns[leaf.field] : undefined;
  // The attribute has no column, so the result is the same for every row and can be computed now.
  if (!column) return String(evaluate(leaf, emptyRow(columns), binding));
  const { operator, value } = leaf;
  if (operator === 'exists') return String(value);
  if (operator === 'eq') return equalSql(column, [value], parameters);
  if (operator === 'ne') return `not ${equalSql(column, [value], parameters)}`;
  if (operator === 'in') return equalSql(column, value as readonly unknown[], parameters);
  if (operator === 'nin') return `not ${equalSql(column, value as readonly unknown[], parameters)}`;
  return orderSql(column, operator as Order, value, parameters);
}

/** The attributes of a row whose columns are all null. */
function emptyRow(columns: Columns): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const path of Object.keys(columns)) {
    const segments = path.split('.');
    let holder = row;
    for (const segment of segments.slice(0, -1)) {
      holder[segment] ??= {};
      holder = holder[segment] as Record<string, unknown>;
    }
    holder[segments.at(-1) ?? path] = null;
  }
  return row;
}

function equalSql(column: Column, values: readonly unknown[], parameters: Parameters): string {
  const { canEqual, equals } = columnTypes[column.type];
  const possible = values.filter((value) => value !== null && canEqual(value));
  const answers = [
    ...(values.includes(null) ? [`${column.sql} is null`] : []),
    ...(possible.length > 0 ? [present(column, equals(column.sql, possible, parameters))] : []),
  ];
  return joined(answers, 'or', 'false');
}

function orderSql(column: Column, order: Order, value: unknown, parameters: Parameters): string {
  const answer = columnTypes[column.type].compares(column.sql, order, value, parameters);
  return answer === null ? 'false' : present(column, answer);
}

const present = ({ sql }: Column, answer: string): string => `(${sql} is not null and ${answer})`;
