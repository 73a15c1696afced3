import { de } from './de.js';
import { en } from './en.js';

/** Texts in one language; English has all of them. */
export type Texts = typeof en;

/** The languages of the pages by their BCP 47 tag. Another one is a file and a line here. */
export const languages: Readonly<Record<string, Texts>> = { en, de };
export const fallbackLanguage = 'en';

/** The language of the pages that fits best: that of the account, what was chosen in this browser, that of the browser. */
export function bestLanguage(...wanted: readonly (string | null | undefined)[]): string {
  const tags = wanted.flatMap((tag) => (tag ? [tag.toLowerCase(), tag.toLowerCase().split('-')[0] ?? ''] : []));
  return tags.find((tag) => Object.hasOwn(languages, tag)) ?? fallbackLanguage;
}
