import type { Parameters, Place, Window } from '../database/keyset.js';
import { encodeCursor } from '../database/keyset.js';
import { badInput } from '../errors.js';

export interface Page<Row> {
  readonly edges: readonly { readonly cursor: string; readonly node: Row }[];
  readonly hasMore: boolean;
  readonly window: Window;
  /** Counted only when asked for. */
  readonly total: () => Promise<number>;
}

/** A row with the instant it was made at, to the microsecond. */
export type Placed<Row> = Row & { readonly place: string };

interface Clauses {
  /** Rows strictly after and before the cursors; a condition, never empty. */
  readonly where: string;
  readonly orderBy: string;
}

/** For a table whose rows come in the order they were made in, under this alias. */
export function clausesOf(window: Window, alias: string, direction: 'asc' | 'desc', parameters: Parameters): Clauses {
  const [later, sooner] = direction === 'asc' ? ['>', '<'] : ['<', '>'];
  const bound = ({ value, id }: Place, comparison: string) =>
    `(${alias}.created_at, ${alias}.id) ${comparison} (${parameters.add(value)}::text::timestamptz, ${parameters.add(id)}::uuid)`;
  const bounds = [
    ...(window.after ? [bound(window.after, later)] : []),
    ...(window.before ? [bound(window.before, sooner)] : []),
  ];
  const read = (direction === 'desc') === window.backward ? 'asc' : 'desc';
  return {
    where: bounds.length > 0 ? bounds.join(' and ') : 'true',
    orderBy: `${alias}.created_at ${read}, ${alias}.id ${read}`,
  };
}

/** @param rows in the order of `orderBy`, one more than the page holds when there are more */
export function pageOf<Row extends { readonly id: string }>(
  rows: readonly Placed<Row>[],
  window: Window,
  total: () => Promise<number>,
): Page<Row> {
  const kept = rows.slice(0, window.size);
  if (window.backward) kept.reverse();
  return { edges: kept.map(edgeOf), hasMore: rows.length > window.size, window, total };
}

/** The cursor is written when somebody asks for it. */
const edgeOf = <Row extends { readonly id: string }>(node: Placed<Row>) => ({
  node,
  get cursor() {
    return encodeCursor({ value: node.place, id: node.id });
  },
});

/** A cursor whose value is no instant was made for another list. */
export async function refusingCursors<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === '22007' || code === '22008' || code === '22P02') throw badInput('The cursor is not one of this list.');
    throw error;
  }
}
