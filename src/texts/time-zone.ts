import { LRUCache } from 'lru-cache';

/** Areas of the IANA time zone database. ICU knows further ones, and ambiguous abbreviations. */
const areas =
  /^(africa|america|antarctica|arctic|asia|atlantic|australia|brazil|canada|chile|etc|europe|indian|mexico|pacific|us)\//;

/** Names of the database without an area. */
const withoutArea =
  'CET CST6CDT Cuba EET EST EST5EDT Egypt Eire GB GB-Eire GMT GMT+0 GMT-0 GMT0 Greenwich HST Hongkong Iceland Iran Israel Jamaica Japan Kwajalein Libya MET MST MST7MDT NZ NZ-CHAT Navajo PRC PST8PDT Poland Portugal ROC ROK Singapore Turkey UCT UTC Universal W-SU WET Zulu'.split(
    ' ',
  );

/** Parts of names that are not spelled with one leading capital. */
const spellings =
  'ACT BajaNorte BajaSur ComodRivadavia DeNoronha DumontDUrville EasterIsland GMT GMT0 IN LHI McMurdo NSW UCT US UTC au es of'.split(
    ' ',
  );

const byLowerCase = (names: readonly string[]) => new Map(names.map((name) => [name.toLowerCase(), name]));
const known = byLowerCase([...withoutArea, ...Intl.supportedValuesOf('timeZone')]);
const parts = byLowerCase(spellings);

/**
 * Finds a name of the IANA time zone database and spells it as the database does. Aliases are kept, because which of
 * two names is the canonical one differs between versions of the data.
 * @returns undefined if the text is no such name, for example an offset
 */
export function timeZoneNamed(text: string): string | undefined {
  const name = text.toLowerCase();
  const isNamed = known.has(name) || areas.test(name);
  return isNamed && isKnownToIcu(name) ? (known.get(name) ?? spelled(name)) : undefined;
}

/** Asking ICU takes a fifth of a millisecond, which counts when many people are imported. */
const answers = new LRUCache<string, boolean>({ max: 1000, memoMethod: askIcu });
const isKnownToIcu = (timeZone: string): boolean => answers.memo(timeZone);

/** `supportedValuesOf` lists canonical names only, so aliases are checked with ICU. */
function askIcu(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}

const spelled = (name: string): string =>
  name.replaceAll(/[a-z0-9]+/g, (part) => parts.get(part) ?? `${part.charAt(0).toUpperCase()}${part.slice(1)}`);
