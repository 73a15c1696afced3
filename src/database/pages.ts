import { badInput } from '../errors.js';
import { type CursorPosition, encodeCursor, type Parameters, type Window } from './keyset.js';

/** One page of a list. `total` counts the whole list when it is called. */
export interface Page<Row> {
  readonly edges: readonly { readonly cursor: string; readonly node: Row }[];
  readonly hasMore: boolean;
  readonly window: Window;
  readonly total: () => Promise<number>;
  /** Whether `total` is an estimate; without it never. */
  readonly isEstimate?: () => Promise<boolean>;
}

/** Sort order of a list; rows with equal values are ordered by id. */
export interface Order {
  /** SQL expression; must never be null, because cursors compare with it. */
  readonly expression: string;
  /** PostgreSQL type of the expression. */
  readonly type: string;
  readonly id: string;
  readonly direction: 'asc' | 'desc';
}

interface Keyset {
  /** SQL conditions: rows strictly after and strictly before the cursors, in the order of the list. */
  readonly bounds: readonly string[];
  readonly orderBy: string;
}

/**
 * Translates a window to keyset pagination: instead of skipping rows, the statement compares with the cursors. The rows
 * that it reads are for `pageOf`.
 * @param parameters receives the values of the cursors
 * @example
 * const { bounds, orderBy } = keysetOf(window, order, parameters);
 * const text = `select … where ${[condition, ...bounds].join(' and ')} order by ${orderBy} limit ${window.size + 1}`;
 */
export function keysetOf(window: Window, order: Order, parameters: Parameters): Keyset {
  const { expression, type, id, direction } = order;
  const [later, sooner] = direction === 'asc' ? ['>', '<'] : ['<', '>'];
  const bound = (position: CursorPosition, comparison: string) =>
    `(${expression}, ${id}) ${comparison} (${parameters.add(position.value)}::text::${type}, ${parameters.add(position.id)}::uuid)`;
  const read = (direction === 'desc') === window.backward ? 'asc' : 'desc';
  return {
    bounds: [
      ...(window.after ? [bound(window.after, later)] : []),
      ...(window.before ? [bound(window.before, sooner)] : []),
    ],
    orderBy: `${expression} ${read}, ${id} ${read}`,
  };
}

/** A row with the text of its sort value. */
export type Placed<Row> = Row & { readonly position: string };

/** The cursor of a row that was read with its sort value. */
export const cursorOfPlaced = ({ position, id }: Placed<{ readonly id: string }>): string =>
  encodeCursor({ value: position, id });

/**
 * Computes the cursor on demand. A class, because an object literal with a getter takes ten times as long to create.
 */
class Edge<Row> {
  constructor(
    readonly node: Row,
    private readonly cursorOf: (row: Row) => string,
  ) {}

  get cursor(): string {
    return this.cursorOf(this.node);
  }
}

/**
 * Makes a page of rows that were read with `keysetOf`.
 * @param rows in the order of `orderBy`, with one row more than the page holds when another page follows
 */
export function pageOf<Row extends object>(
  rows: readonly Row[],
  window: Window,
  cursorOf: (row: Row) => string,
  total: () => Promise<number>,
): Page<Row> {
  const kept = rows.slice(0, window.size);
  if (window.backward) kept.reverse();
  const edges = kept.map((node) => new Edge(node, cursorOf));
  return { edges, hasMore: rows.length > window.size, window, total };
}

const inCodeUnits = (one: string, other: string): number => (one === other ? 0 : one < other ? -1 : 1);
const inOrder = (one: CursorPosition, other: CursorPosition): number =>
  inCodeUnits(one.value, other.value) || inCodeUnits(one.id, other.id);

/**
 * Makes a page of rows in memory, in ascending order.
 * @param orderedBy gives the sort value; values are compared by UTF-16 code units, equal ones by id
 */
export function pageWithin<Row extends { readonly id: string }>(
  rows: readonly Row[],
  window: Window,
  orderedBy: (row: Row) => string,
): Page<Row> {
  const { after, before, backward, size } = window;
  const positionOf = (row: Row): CursorPosition => ({ value: orderedBy(row), id: row.id });
  const within = rows
    .map((row) => ({ row, position: positionOf(row) }))
    .filter(({ position }) => !(after && inOrder(position, after) <= 0) && !(before && inOrder(position, before) >= 0))
    .sort((one, other) => inOrder(one.position, other.position) * (backward ? -1 : 1))
    .slice(0, size + 1);
  const total = async () => rows.length;
  return pageOf(
    within.map(({ row }) => row),
    window,
    (row) => encodeCursor(positionOf(row)),
    total,
  );
}

/**
 * Turns a data exception of PostgreSQL into a client error: a cursor whose value cannot be cast to the type of the sort
 * expression was made for another list, or forged.
 * @throws BAD_USER_INPUT for such a cursor; other errors are passed on
 */
export async function refusingCursors<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    // SQLSTATE class 22, data exception. The exact code depends on the type and on the value.
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code.startsWith('22')) throw badInput('The cursor is not one of this list.');
    throw error;
  }
}
