import { z } from 'zod';
import { badInput } from '../errors.js';
import type { SqlValue } from './sql.js';
import { isUuid } from './uuid.js';

/** What a caller asks of a list that can grow (Relay cursor connections). */
export interface PageRequest {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
  /** Rows to pass over, for jumping to a page. */
  readonly offset?: number | null | undefined;
}

/** A place in an ordered list: the value it is ordered by and, among equals, the id. */
export interface Place {
  readonly value: string;
  readonly id: string;
}

export interface Window {
  readonly size: number;
  /** Read from the end: the order is turned round, and the rows back again. */
  readonly backward: boolean;
  readonly after: Place | undefined;
  readonly before: Place | undefined;
  readonly offset: number;
}

const defaultSize = 20;
/** Rows of a page, and of a plain list, at most. */
export const largestSize = 100;
const longestCursor = 1024;
const place = z.tuple([z.string(), z.string().refine(isUuid)]);

/** @returns the length itself @throws BAD_USER_INPUT for one outside 1..100 */
export function checkedSize(size: number): number {
  if (size < 1 || size > largestSize) throw badInput(`first and last are 1 to ${largestSize}.`);
  return size;
}

/** @throws BAD_USER_INPUT for sizes outside 1..100, both directions at once, and cursors that are not ours */
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

export const encodeCursor = ({ value, id }: Place): string =>
  Buffer.from(JSON.stringify([value, id])).toString('base64url');

/** @throws BAD_USER_INPUT */
export function decodeCursor(cursor: string | null | undefined): Place | undefined {
  if (cursor == null) return undefined;
  try {
    if (cursor.length > longestCursor) throw new Error();
    const [value, id] = place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    if (value.includes('\0')) throw new Error();
    return { value, id };
  } catch {
    throw badInput('The cursor is not one of this list.');
  }
}

/** Gathers a statement's parameters; each is sent apart from the text. */
export class Parameters {
  readonly values: SqlValue[] = [];

  /** @returns the placeholder */
  add(value: SqlValue): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}
