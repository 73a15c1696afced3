/** RFC 5646, section 4.4.1: no tag in use is longer. */
const longestTag = 35;

/** Codes that stand for no language, script or region in particular, or for testing (CLDR). */
const unspecific: ReadonlySet<string> = new Set(
  'und mis mul zxx Zinh Zmth Zsye Zsym Zxxx Zyyy Zzzz XA XB ZZ'.split(' '),
);

const names = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });

/**
 * A BCP 47 language tag in canonical form (RFC 5646, section 4.5), whose language, script, region and variant have
 * names. Extensions and private subtags are no part of a language.
 * @returns undefined for what is none
 */
export function languageTagged(text: string): string | undefined {
  if (text.length > longestTag) return undefined;
  try {
    const { language, script, region, baseName } = new Intl.Locale(text);
    const isSpecific = ![language, script, region].some((code) => code !== undefined && unspecific.has(code));
    const isWhole = baseName.toLowerCase() === Intl.getCanonicalLocales(text)[0]?.toLowerCase();
    return isSpecific && isWhole && names.of(baseName) !== undefined ? baseName : undefined;
  } catch {
    return undefined;
  }
}
