import type { Parameters } from '../database/keyset.js';

export type Order = 'gt' | 'gte' | 'lt' | 'lte';
const signs: Record<Order, string> = { gt: '>', gte: '>=', lt: '<', lte: '<=' };

/** SQL for comparisons with a column, with the same result as comparing the attribute in memory. */
interface ColumnType {
  /** False when an attribute of this column can never equal the value; such values are not cast in SQL. */
  readonly canEqual: (value: unknown) => boolean;
  /** @param values not empty; each passes `canEqual` */
  readonly equals: (sql: string, values: readonly unknown[], parameters: Parameters) => string;
  /** @returns null when the attribute cannot be ordered against the value; the comparison is then false */
  readonly compares: (sql: string, order: Order, value: unknown, parameters: Parameters) => string | null;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';
const isTruth = (value: unknown): value is boolean => typeof value === 'boolean';

const lowerCaseUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const isUuidOfRow = (value: unknown): boolean => isText(value) && lowerCaseUuid.test(value);

/** Years 1 to 9999, in which the order of the texts is that of the instants. PostgreSQL has no year 0. */
const yearsOfFourDigits = /^(?!0000)\d{4}-.{19}$/;
function isInstant(value: unknown): value is string {
  if (!isText(value) || !yearsOfFourDigits.test(value)) return false;
  const instant = new Date(value);
  return !Number.isNaN(instant.getTime()) && instant.toISOString() === value;
}

/** A list is passed as one parameter, whatever its length. */
const equalsAs =
  (type: string, expression = (sql: string) => sql): ColumnType['equals'] =>
  (sql, values, parameters) =>
    values.length === 1
      ? `${expression(sql)} = ${parameters.add(String(values[0]))}::${type}`
      : `${expression(sql)} = any(${parameters.add(values.map(String))}::${type}[])`;

/** Compares by code point, whatever the locale of the database. */
const comparesText: ColumnType['compares'] = (sql, order, value, parameters) =>
  isText(value) ? `${sql}::text collate "C" ${signs[order]} ${parameters.add(value)}::text` : null;

const comparesNumber: ColumnType['compares'] = (sql, order, value, parameters) =>
  isNumber(value) ? `${sql}::double precision ${signs[order]} ${parameters.add(value)}::double precision` : null;

const toIsoText = (sql: string) => `to_char(${sql} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Columns hold microseconds, attributes milliseconds: "after an instant" means from the next millisecond on. */
const comparesInstant: ColumnType['compares'] = (sql, order, value, parameters) => {
  if (!isInstant(value)) return comparesText(toIsoText(sql), order, value, parameters);
  const instant = `${parameters.add(value)}::timestamptz`;
  const next = `${instant} + interval '1 millisecond'`;
  return { gt: `${sql} >= ${next}`, gte: `${sql} >= ${instant}`, lt: `${sql} < ${instant}`, lte: `${sql} < ${next}` }[
    order
  ];
};

/** SQL comparisons by type of column. */
export const columnTypes = {
  text: { canEqual: isText, equals: equalsAs('text', (sql) => `${sql}::text`), compares: comparesText },
  uuid: { canEqual: isUuidOfRow, equals: equalsAs('uuid'), compares: comparesText },
  boolean: { canEqual: isTruth, equals: equalsAs('boolean'), compares: () => null },
  number: {
    canEqual: isNumber,
    equals: equalsAs('double precision', (sql) => `${sql}::double precision`),
    compares: comparesNumber,
  },
  timestamptz: {
    canEqual: isInstant,
    equals: equalsAs('timestamptz', (sql) => `date_trunc('milliseconds', ${sql})`),
    compares: comparesInstant,
  },
} as const satisfies Record<string, ColumnType>;
