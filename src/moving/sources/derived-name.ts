import { normalizeIdentifier } from '../../accounts/identifiers.js';

/** Leaves room for what makes it unique. */
const longest = 50;
const shortest = 3;

/**
 * Makes a username of a name that another system has, or of an address: the part before the `@`, with a `.` in place of
 * what a username cannot hold, and `user` before what is too short. The import makes it unique.
 * @example
 * derivedName('Ada Lovelace@example.com'); // 'ada.lovelace'
 */
export function derivedName(text: string): string {
  const [name = ''] = normalizeIdentifier(text.slice(0, 1000)).split('@');
  const word = name.replaceAll(/[^\p{L}\p{M}\p{N}._-]+/gu, '.').replaceAll(/\.{2,}/g, '.');
  const cut = [...word]
    .slice(0, longest)
    .join('')
    .replaceAll(/^[^\p{L}\p{N}]+|[._-]+$/gu, '');
  return [...cut].length < shortest ? ['user', cut].filter(Boolean).join('.') : cut;
}
