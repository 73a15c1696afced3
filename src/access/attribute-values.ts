import { createGetter } from '@ucast/mongo2js';

export const isHolder = (value: unknown): value is object => typeof value === 'object' && value !== null;

const ownProperty = (object: unknown, key: string): unknown =>
  isHolder(object) && Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : undefined;

/**
 * Own properties only, whatever the path names.
 * @returns the attribute at a dotted path, of an array the elements' own; undefined when there is none
 */
export const attributeAt: (attributes: unknown, path: string) => unknown = createGetter(ownProperty);

/**
 * Order is between two numbers, or two strings by code point, as PostgreSQL's collation "C" has it.
 * @returns NaN, which is neither less nor greater nor equal, for whatever else is not the same
 */
export function compare(a: unknown, b: unknown): 0 | 1 | -1 {
  if (a === b) return 0;
  if (typeof a === 'number' && typeof b === 'number') return a > b ? 1 : -1;
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  return Number.NaN as 0;
}

/** JavaScript's own order would put surrogates before U+E000. */
function compareText(a: string, b: string): 1 | -1 {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const one = a.charCodeAt(i);
    const other = b.charCodeAt(i);
    if (one !== other) return rank(one) > rank(other) ? 1 : -1;
  }
  return a.length > b.length ? 1 : -1;
}

const rank = (unit: number): number => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);
