type Document = Readonly<Record<string, unknown>>;
type Test = (found: unknown) => boolean;
/** @param isWhole of an element that the path names by its place: MongoDB does not look into that */
type Leaf = (value: unknown, isWhole: boolean) => boolean;

const isDocument = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Own properties only, whatever the path names. */
const own = (document: Document, key: string): unknown => (Object.hasOwn(document, key) ? document[key] : undefined);

/**
 * Whether something passes that MongoDB would compare at a dotted path: the value, of a list each element and the list;
 * on the way the documents of a list, and what is at its place. It is undefined where a document lacks it, or has
 * something in place of the document that would hold it; a list of other things has nothing there at all.
 */
export function someAt(attributes: Document, path: string, test: Test): boolean {
  if (!path.includes('.')) return passes(own(attributes, path), test);
  return inDocument(attributes, path.split('.'), 0, (value, isWhole) => (isWhole ? test(value) : passes(value, test)));
}

const passes = (value: unknown, test: Test): boolean =>
  (Array.isArray(value) && value.some((element) => test(element))) || test(value);

/** @param place of the segment that is looked for in the document */
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
 * For people to read.
 * @returns the attribute at a dotted path; where a list stands on the way, the list of all that is there, null for what
 *   is missing; undefined when there is none
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
