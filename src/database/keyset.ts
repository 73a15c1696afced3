import { z } from 'zod';
import { badInput } from '../errors.js';
import type { SqlValue } from './sql-values.js';
import { isUuid } from './uuid.js';

/** Arguments of a paged list, as in the Relay cursor connections specification. */
export interface PageRequest {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
  /** Rows to skip, for jumping to a page. */
  readonly offset?: number | null | undefined;
}

/** A position in an ordered list: the text of the sort value and, to break ties, the id. */
export interface CursorPosition {
  readonly value: string;
  readonly id: string;
}

/** A checked page request, ready for a statement. */
export interface Window {
  readonly size: number;
  /** Read from the end: the statement reverses the order, and the rows are reversed again afterwards. */
  readonly backward: boolean;
  readonly after: CursorPosition | undefined;
  readonly before: CursorPosition | undefined;
  readonly offset: number;
}

const defaultSize = 20;
/** Most rows in a page and in a plain list. */
export const largestSize = 100;
const longestCursor = 1024;
const positionShape = z.tuple([z.string(), z.string().refine(isUuid)]);

/** @returns the size itself @throws BAD_USER_INPUT outside 1 to 100 */
export function checkedSize(size: number): number {
  if (size < 1 || size > largestSize) throw badInput(`first and last are 1 to ${largestSize}.`);
  return size;
}

/**
 * Checks the arguments of a paged list. Without `first` and `last` the page has 20 rows.
 * @throws BAD_USER_INPUT for a size outside 1 to 100, `first` together with `last`, an `offset` that is negative or
 *   used with `last`, and a malformed cursor
 * @example
 * windowOf({ first: 10, after: cursor }) // { size: 10, backward: false, after: { value, id }, … }
 */
export function windowOf(page: PageRequest): Window {
  const { first, last, offset } = page;
  if (first != null && last != null) throw badInput('Ask for first or last, not for both.');
  const size = checkedSize(first ?? last ?? defaultSize);
  if (offset != null && (offset < 0 || last != null)) throw badInput('offset is 0 or more, and goes with first.');
  return {
    size,
    backward: last != null,
    after: decodeCursor(page.after),
    before: decodeCursor(page.before),
    offset: offset ?? 0,
  };
}

/** Makes the opaque cursor of a position: JSON in base64url. It is not signed, so reading it back validates it. */
export const encodeCursor = ({ value, id }: CursorPosition): string =>
  Buffer.from(JSON.stringify([value, id])).toString('base64url');

/** @throws BAD_USER_INPUT for a cursor that `encodeCursor` has not written or that exceeds 1024 characters */
export function decodeCursor(cursor: string | null | undefined): CursorPosition | undefined {
  if (cursor == null) return undefined;
  try {
    if (cursor.length > longestCursor) throw new Error();
    const [value, id] = positionShape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    if (value.includes('\0')) throw new Error();
    return { value, id };
  } catch {
    throw badInput('The cursor is not one of this list.');
  }
}

/** Collects the parameters of a statement, which are sent separately from its text. */
export class Parameters {
  readonly values: SqlValue[] = [];

  /** @returns the value's placeholder, such as `$1` */
  add(value: SqlValue): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}
