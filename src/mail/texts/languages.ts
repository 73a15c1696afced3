import type { Catalogue } from './catalogue.js';
import { de } from './de.js';
import { en } from './en.js';

/** The languages of mails by their BCP 47 tag. Another one is a file and a line here. */
export const catalogues = { en, de } as const satisfies Record<string, Catalogue>;
export type Language = keyof typeof catalogues;
export const languages = Object.keys(catalogues) as readonly Language[];
const fallback: Language = 'en';

/** @param tags BCP 47 tags, the most wanted first @returns the first language that there are texts in, else English */
export function bestLanguage(...tags: readonly (string | null | undefined)[]): Language {
  const primary = tags.map((tag) => tag?.toLowerCase().split('-')[0]);
  return languages.find((language) => language === primary.find((tag) => isLanguage(tag))) ?? fallback;
}

const isLanguage = (tag: string | undefined): boolean => languages.some((language) => language === tag);

/**
 * The language that a request wants most, of those that there are texts in.
 * @param header Accept-Language (RFC 9110, section 12.5.4)
 * @returns null if it wants none of them
 */
export function acceptedLanguage(header: string | undefined): Language | null {
  const wanted = (header ?? '').split(',').map((part) => {
    const [tag = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice('q='.length) ?? '1';
    return { tag, weight: Number(weight) };
  });
  const known = wanted.filter(({ tag, weight }) => weight > 0 && isLanguage(tag.toLowerCase().split('-')[0]));
  const [first] = known.sort((one, other) => other.weight - one.weight);
  return first ? bestLanguage(first.tag) : null;
}
