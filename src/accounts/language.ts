import { LRUCache } from 'lru-cache';

/** In characters; RFC 5646, section 4.4.1: no tag in use is longer. */
const longestTag = 35;

/** Codes for undetermined languages, scripts and regions, and for tests (CLDR). */
const unspecific: ReadonlySet<string> = new Set(
  'und mis mul zxx Zinh Zmth Zsye Zsym Zxxx Zyyy Zzzz XA XB ZZ'.split(' '),
);

const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });

/** ICU is slow to ask, which counts when many people are imported. The tag itself, or false for what is none. */
const answers = new LRUCache<string, string | false>({ max: 1000, memoMethod: (text) => canonical(text) ?? false });

/**
 * Canonicalizes a BCP 47 language tag (RFC 5646, section 4.5) whose language, script, region and variant have names.
 * Extensions and private-use subtags are not accepted.
 * @returns undefined if the text is no such tag
 */
export function languageTagged(text: string): string | undefined {
  return text.length > longestTag ? undefined : answers.memo(text) || undefined;
}

function canonical(text: string): string | undefined {
  try {
    const { language, script, region, baseName } = new Intl.Locale(text);
    const isSpecific = ![language, script, region].some((code) => code !== undefined && unspecific.has(code));
    const isWhole = baseName.toLowerCase() === Intl.getCanonicalLocales(text)[0]?.toLowerCase();
    return isSpecific && isWhole && names.of(baseName) !== undefined ? baseName : undefined;
  } catch {
    return undefined;
  }
}
