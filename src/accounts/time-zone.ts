/** Areas of the IANA time zone database; ICU knows others, and abbreviations that mean several zones. */
const areas =
  /^(africa|america|antarctica|arctic|asia|atlantic|australia|brazil|canada|chile|etc|europe|indian|mexico|pacific|us)\//;

/** Its names without an area. */
const withoutArea =
  'CET CST6CDT Cuba EET EST EST5EDT Egypt Eire GB GB-Eire GMT GMT+0 GMT-0 GMT0 Greenwich HST Hongkong Iceland Iran Israel Jamaica Japan Kwajalein Libya MET MST MST7MDT NZ NZ-CHAT Navajo PRC PST8PDT Poland Portugal ROC ROK Singapore Turkey UCT UTC Universal W-SU WET Zulu'.split(
    ' ',
  );

/** Parts of names that are not written with one capital. */
const spellings =
  'ACT BajaNorte BajaSur ComodRivadavia DeNoronha DumontDUrville EasterIsland GMT GMT0 IN LHI McMurdo NSW UCT US UTC au es of'.split(
    ' ',
  );

const byLowerCase = (names: readonly string[]) => new Map(names.map((name) => [name.toLowerCase(), name]));
const known = byLowerCase([...withoutArea, ...Intl.supportedValuesOf('timeZone')]);
const parts = byLowerCase(spellings);

/**
 * A name of the IANA time zone database in its own spelling. An alias stays what it is: which of two names
 * is the main one differs from one version of the data to the next.
 * @returns undefined for what is none, such as an offset
 */
export function timeZoneNamed(text: string): string | undefined {
  const name = text.toLowerCase();
  const isNamed = known.has(name) || areas.test(name);
  return isNamed && isKnownToIcu(name) ? (known.get(name) ?? spelled(name)) : undefined;
}

/** The data lists main names alone, but finds aliases too. */
function isKnownToIcu(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}

const spelled = (name: string): string =>
  name.replaceAll(/[a-z0-9]+/g, (part) => parts.get(part) ?? `${part.charAt(0).toUpperCase()}${part.slice(1)}`);
