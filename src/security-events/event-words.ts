import { badInput } from '../errors.js';

/**
 * An id; a day; letters and digits in a row; or symbols beyond ASCII in a row, such as emoji. Everything else separates words.
 * Each word costs a place in the index, so an id is one and not five.
 */
const word =
  /(?<![\p{L}\p{M}\p{N}])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\d)(?![\p{L}\p{M}\p{N}])|[\p{L}\p{M}\p{N}]+|(?:(?!\p{ASCII})\p{S})+/gu;
/** Of an instant in ISO 8601; it is found by its day. */
const timeOfDay = /(?<=\d{4}-\d\d-\d\d)t\d\d:\d\d:\d\d(?:\.\d+)?z/gu;
const unseen = /\p{Default_Ignorable_Code_Point}/gu;
/** In code points. Longer words are cut here. */
const longestWord = 100;
/** Most different words of one event that can be found; a tsvector holds 1 MiB. */
const mostWords = 1000;
/** Most characters of a text that is looked for, in UTF-16 code units. */
const longestText = 200;
/** Shorter words are looked for as a whole: too many words begin with one or two letters. In code points. */
const shortestBeginning = 3;

/** A word that is looked for. */
export interface SoughtWord {
  readonly word: string;
  /** Whether it may be the beginning of a longer word. */
  readonly isBeginning: boolean;
}

/**
 * Splits a text into the words by which events are found: compatible forms made one (NFKC), in small letters, without
 * invisible characters.
 * @returns each word once
 * @example
 * wordsIn('Ada@Example.com'); // ['ada', 'example', 'com']
 */
export function wordsIn(text: string): string[] {
  const plain = text.normalize('NFKC').replaceAll(unseen, '').toLowerCase().normalize('NFKC').replaceAll('ς', 'σ');
  return [...new Set((plain.replaceAll(timeOfDay, '').match(word) ?? []).map(cut))];
}

const cut = (long: string): string => (long.length <= longestWord ? long : [...long].slice(0, longestWord).join(''));

/**
 * The words of an event's details: of all texts and numbers in it, and of the names of the fields in `changes`. Not of other
 * names, since each event of a type has the same.
 * @param details any JSON: a row that was written by hand must not keep others from being published
 */
export function wordsOf(details: unknown): string[] {
  const changed = isContainer(details) && 'changes' in details ? details.changes : undefined;
  const fields = isContainer(changed) && !Array.isArray(changed) ? Object.keys(changed) : [];
  const words = [...fields, ...valuesIn(details)].flatMap(wordsIn);
  return [...new Set(words)].slice(0, mostWords);
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;

function valuesIn(value: unknown): string[] {
  if (isContainer(value)) return Object.values(value).flatMap(valuesIn);
  return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
}

/**
 * Splits the text of a filter.
 * @throws BAD_USER_INPUT for a text without any word, or with more than 200 characters
 */
export function soughtWords(text: string): SoughtWord[] {
  if (text.length > longestText) throw badInput(`text has at most ${longestText} characters.`);
  const words = wordsIn(text);
  if (words.length === 0) throw badInput('text has at least one letter or digit.');
  return words.map((word) => ({ word, isBeginning: [...word].length >= shortestBeginning }));
}

/** Whether every word that is looked for is one of these, or begins one. */
export function hasWords(words: ReadonlySet<string>, sought: readonly SoughtWord[]): boolean {
  const begins = (beginning: string) => {
    for (const word of words) if (word.startsWith(beginning)) return true;
    return false;
  };
  return sought.every(({ word, isBeginning }) => words.has(word) || (isBeginning && begins(word)));
}

/** No word has a quote or a backslash. */
const quoted = (word: string): string => `'${word}'`;

/** @returns text of a tsvector */
export const asVector = (words: readonly string[]): string => words.map(quoted).join(' ');

/** @returns text of a tsquery, which `hasWords` agrees with */
export const asQuery = (sought: readonly SoughtWord[]): string =>
  sought.map(({ word, isBeginning }) => quoted(word) + (isBeginning ? ':*' : '')).join(' & ');
