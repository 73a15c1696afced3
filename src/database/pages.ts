import { badInput } from '../errors.js';
import { encodeCursor, type Parameters, type Place, type Window } from './keyset.js';

/** One page, with what is needed to ask for the next; `total` is counted only when asked for. */
export interface Page<Row> {
  readonly edges: readonly { readonly cursor: string; readonly node: Row }[];
  readonly hasMore: boolean;
  readonly window: Window;
  readonly total: () => Promise<number>;
}

/** What a list is ordered by, and among equals by the id. */
export interface Order {
  /** In SQL, never null, so that cursors can stand on it. */
  readonly expression: string;
  /** Its type in PostgreSQL. */
  readonly type: string;
  readonly id: string;
  readonly direction: 'asc' | 'desc';
}

interface Keyset {
  /** Rows strictly after and before the cursors, in the list's own order. */
  readonly bounds: readonly string[];
  readonly orderBy: string;
}

export function keysetOf(window: Window, order: Order, parameters: Parameters): Keyset {
  const { expression, type, id, direction } = order;
  const [later, sooner] = direction === 'asc' ? ['>', '<'] : ['<', '>'];
  const bound = (place: Place, comparison: string) =>
    `(${expression}, ${id}) ${comparison} (${parameters.add(place.value)}::text::${type}, ${parameters.add(place.id)}::uuid)`;
  const read = (direction === 'desc') === window.backward ? 'asc' : 'desc';
  return {
    bounds: [
      ...(window.after ? [bound(window.after, later)] : []),
      ...(window.before ? [bound(window.before, sooner)] : []),
    ],
    orderBy: `${expression} ${read}, ${id} ${read}`,
  };
}

/** A row with the text of what its list is ordered by. */
export type Placed<Row> = Row & { readonly place: string };

export const cursorOfPlaced = ({ place, id }: Placed<{ readonly id: string }>): string =>
  encodeCursor({ value: place, id });

/** Its cursor is written when somebody asks for it. A class: an object with a getter of its own takes ten times as long to make. */
class Edge<Row> {
  constructor(
    readonly node: Row,
    private readonly cursorOf: (row: Row) => string,
  ) {}

  get cursor(): string {
    return this.cursorOf(this.node);
  }
}

/** @param rows in the order of `orderBy`, one more than the page holds when there are more */
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
const inOrder = (one: Place, other: Place): number =>
  inCodeUnits(one.value, other.value) || inCodeUnits(one.id, other.id);

/**
 * One page of rows that are at hand.
 * @param orderedBy what they are ordered by, in code units, and among equals by their ids
 */
export function pageWithin<Row extends { readonly id: string }>(
  rows: readonly Row[],
  window: Window,
  orderedBy: (row: Row) => string,
): Page<Row> {
  const { after, before, backward, size } = window;
  const placeOf = (row: Row): Place => ({ value: orderedBy(row), id: row.id });
  const within = rows
    .map((row) => ({ row, place: placeOf(row) }))
    .filter(({ place }) => !(after && inOrder(place, after) <= 0) && !(before && inOrder(place, before) >= 0))
    .sort((one, other) => inOrder(one.place, other.place) * (backward ? -1 : 1))
    .slice(0, size + 1);
  const total = async () => rows.length;
  return pageOf(
    within.map(({ row }) => row),
    window,
    (row) => encodeCursor(placeOf(row)),
    total,
  );
}

/**
 * A cursor whose value does not read as the order's type was made for another list, or by somebody else.
 * @throws BAD_USER_INPUT for it
 */
export async function refusingCursors<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    // SQLSTATE class 22: data exceptions; which one depends on what was put in the place of an instant.
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code.startsWith('22')) throw badInput('The cursor is not one of this list.');
    throw error;
  }
}
