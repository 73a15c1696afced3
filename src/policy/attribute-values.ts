type Document = Readonly<Record<string, unknown>>;
type Test = (found: unknown) => boolean;
/** @param isWhole true for an element addressed by its index; MongoDB compares it as a whole, without its elements */
type Leaf = (value: unknown, isWhole: boolean) => boolean;

const isDocument = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads own properties only, so that a path such as `constructor` finds nothing. */
const own = (document: Document, key: string): unknown => (Object.hasOwn(document, key) ? document[key] : undefined);

/**
 * True when at least one value that MongoDB would compare at a dotted path passes the test. These are the value itself
 * and, for a list, each element as well. A list on the way contributes its documents and, for a numeric segment, the
 * element at that index. The tested value is undefined where a document lacks the attribute, or holds something other
 * than a document on the way; a list without documents contributes nothing.
 */
export function someAt(attributes: Document, path: string, test: Test): boolean {
  if (!path.includes('.')) return passes(own(attributes, path), test);
  return inDocument(attributes, path.split('.'), 0, (value, isWhole) => (isWhole ? test(value) : passes(value, test)));
}

const passes = (value: unknown, test: Test): boolean =>
  (Array.isArray(value) && value.some((element) => test(element))) || test(value);

/** @param place index of the path segment to look up in the document */
function inDocument(document: Document, segments: readonly string[], place: number, leaf: Leaf): boolean {
  const value = own(document, segments[place] ?? '');
  if (place === segments.length - 1) return leaf(value, false);
  if (Array.isArray(value)) return inList(value, segments, place + 1, leaf);
  return isDocument(value) ? inDocument(value, segments, place + 1, leaf) : leaf(undefined, false);
}

function inList(list: readonly unknown[], segments: readonly string[], place: number, leaf: Leaf): boolean {
  if (list.some((element) => isDocument(element) && inDocument(element, segments, place, leaf))) return true;
  const index = segments[place] ?? '';
  if (!/^\d/.test(index) || !Object.hasOwn(list, index)) return false;
  const element = list[Number(index)];
  if (place === segments.length - 1) return leaf(element, true);
  if (Array.isArray(element)) return inList(element, segments, place + 1, leaf);
  return isDocument(element) && inDocument(element, segments, place + 1, leaf);
}

/**
 * Reads an attribute for display.
 * @returns the attribute at a dotted path, undefined when it is missing. When a list is on the way, the list of all
 *   values found in it, with null for each that is missing.
 */
export function attributeAt(attributes: Document, path: string): unknown {
  const segments = path.split('.');
  const found: unknown[] = [];
  inDocument(attributes, segments, 0, (value) => {
    found.push(value ?? null);
    return false;
  });
  return hasListOnTheWay(attributes, segments) ? found : (found[0] ?? undefined);
}

function hasListOnTheWay(attributes: Document, segments: readonly string[]): boolean {
  let holder: unknown = attributes;
  for (const segment of segments.slice(0, -1)) {
    holder = isDocument(holder) ? own(holder, segment) : undefined;
    if (Array.isArray(holder)) return true;
  }
  return false;
}

/**
 * Orders two numbers, or two strings by code point as PostgreSQL's collation "C" does.
 * @returns NaN for two different values of other or different types: they are neither less, greater nor equal
 */
export function compare(a: unknown, b: unknown): 0 | 1 | -1 {
  if (a === b) return 0;
  if (typeof a === 'number' && typeof b === 'number') return a > b ? 1 : -1;
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  return Number.NaN as 0;
}

/** JavaScript compares UTF-16 code units, which puts surrogate pairs before U+E000 to U+FFFF; this uses code points. */
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
