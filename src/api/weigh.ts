import type { Meter } from '../operations/meter.js';
import type { Share, ShareOf } from './answer-share.js';

/**
 * Counts an object or a list of objects, with the objects that are loaded with it.
 * @returns false when this ends the operation
 */
export function weigh(meter: Meter, value: unknown, shareOf: ShareOf): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (!Array.isArray(value)) return weighOne(meter, value, shareOf(value));
  const first: unknown = value[0];
  if (typeof first !== 'object' || first === null) return true;
  const share = shareOf(first);
  return meter.answers(value.length * share.nodes, value.length * share.bytes) && weighContents(meter, value, share);
}

const weighOne = (meter: Meter, object: object, share: Share): boolean =>
  meter.answers(share.nodes, share.bytes) && weighContents(meter, [object], share);

function weighContents(meter: Meter, objects: readonly object[], { texts, values, inner }: Share): boolean {
  if (texts.length > 0 || values.length > 0) {
    let bytes = 0;
    for (const object of objects) {
      for (const property of texts) bytes += lengthOfText((object as Record<string, unknown>)[property]);
      for (const property of values) bytes += lengthOfJson((object as Record<string, unknown>)[property]);
    }
    if (!meter.answers(0, bytes)) return false;
  }
  for (const { property, shareOf } of inner)
    for (const object of objects)
      if (!weigh(meter, (object as Record<string, unknown>)[property], shareOf)) return false;
  return true;
}

/** In UTF-16 units. For shorter texts, units are counted instead of bytes, which takes a third of the time. */
const shortText = 64;

/** In bytes; characters that JSON escapes (quotes, backslashes, line breaks) count once. */
function lengthOfText(value: unknown): number {
  if (typeof value !== 'string') return 4;
  return value.length > shortText ? Buffer.byteLength(value) : value.length;
}

/** Lengths by object: rows and role definitions occur in several places of an answer. */
const known = new WeakMap<object, number>();

/** Estimated length of the value's JSON, in bytes. */
export function lengthOfJson(value: unknown): number {
  if (typeof value === 'string') return lengthOfText(value) + 3;
  if (typeof value !== 'object' || value === null) return 8;
  const length = known.get(value) ?? lengthOfMembers(value);
  known.set(value, length);
  return length;
}

function lengthOfMembers(value: object): number {
  if (value instanceof Date) return 27;
  if (Array.isArray(value)) return value.reduce((sum: number, member) => sum + lengthOfJson(member), 2);
  return Object.entries(value).reduce((sum, [key, member]) => sum + key.length + 4 + lengthOfJson(member), 2);
}
