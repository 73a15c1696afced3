import { days, hours, minutes, seconds } from '../clock.js';
import type { Catalogue, Unit } from './texts/catalogue.js';
import { type Everywhere, type Kind, type MailedLink, type ShownLink, sortsOf, type Values } from './texts/kinds.js';

/** In which words values are shown. */
export interface Reader {
  readonly catalogue: Catalogue;
  /** Name of the IANA time zone database; null: UTC. */
  readonly timezone: string | null;
}

/** A value as texts and templates get it; null: there is none. */
export type Shown = string | null | ShownLink;

/**
 * Makes the values of a mail readable.
 * @param publicUrl must never come from a request, because an attacker could otherwise direct the links to another host
 * @returns by name; links as address and lifetime
 */
export function shownValues<K extends Kind>(
  kind: K,
  values: Values<K>,
  reader: Reader,
  everywhere: Everywhere,
): Readonly<Record<string, Shown>> {
  const given: Readonly<Record<string, string | number | Date | MailedLink | null>> = values;
  const entries = Object.keys(sortsOf(kind)).map((name) => [name, shown(kind, name, given[name] ?? null)] as const);
  return { ...everywhere, ...Object.fromEntries(entries) };

  function shown(of: Kind, name: string, value: string | number | Date | MailedLink | null): Shown {
    const sort = sortsOf(of)[name];
    if (value instanceof Date) return inZone(value, reader);
    if (value === null || typeof value === 'number') return value === null ? null : String(value);
    if (typeof value === 'object') return sort?.sort === 'link' ? linkTo(sort.path, value) : null;
    if (sort?.sort === 'device') return reader.catalogue.device(value);
    return sort?.sort === 'name' ? unlinked(value) || reader.catalogue.none : value;
  }

  function linkTo(path: string, { token, lifetime }: MailedLink): ShownLink {
    return { url: `${everywhere.publicUrl}/${path}?token=${token}`, lifetime: inWords(lifetime, reader.catalogue) };
  }
}

/** Letters, digits, `_` and `-`. A dot could make the name look like a host, many digits like a telephone number. */
const plainName = /^[\p{L}\p{M}\p{N}_-]+$/u;
const telephoneNumber = /(?:\p{Nd}[_-]*){5}/u;

/**
 * @returns null for a name that a mail program could turn into a link, because anybody can register with somebody
 *   else's address
 */
export const greetedName = (username: string | null): string | null =>
  username !== null && plainName.test(username) && !telephoneNumber.test(username) ? username : null;

/** Characters that make a host name, an address or a path out of the words around them. */
const linkMaking = /(?<=\S)[.@/\u3002\uff0e\uff61](?=\S)/gu;

/** Separates a text chosen by a user with spaces, so that mail programs make no link of it: `www . example . com`. */
const unlinked = (text: string): string => text.replace(linkMaking, ' $& ');

/** An instant to the minute in the reader's time zone, which is named: "2026-11-22 16:00 UTC". */
function inZone(instant: Date, { catalogue, timezone }: Reader): string {
  const format = timezone === null ? undefined : formatFor(timezone);
  if (!format || format.resolvedOptions().timeZone === 'UTC') return catalogue.instant(...utc(instant));
  const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  const { year, month, day, hour, minute, timeZoneName } = parts;
  return catalogue.instant(`${year}-${month}-${day}`, `${hour}:${minute}`, `${timeZoneName} (${timezone})`);
}

function utc(instant: Date): [day: string, time: string, zone: string] {
  const [day = '', time = ''] = instant.toISOString().split('T');
  return [day, time.slice(0, 'hh:mm'.length), 'UTC'];
}

/** @returns undefined for a zone that this version of Node does not know (any more) */
function formatFor(timeZone: string): Intl.DateTimeFormat | undefined {
  const fields = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const;
  try {
    return new Intl.DateTimeFormat('en-GB', { ...fields, hourCycle: 'h23', timeZone, timeZoneName: 'shortOffset' });
  } catch {
    return undefined;
  }
}

const units: readonly (readonly [Unit, number])[] = [
  ['days', days(1)],
  ['hours', hours(1)],
  ['minutes', minutes(1)],
];

/** For example "10 minutes", "24 hours", "7 days": the largest unit that gives a whole number of at least two. */
function inWords(lifetime: number, catalogue: Catalogue): string {
  const [unit, length] = units.find(([, size]) => lifetime >= 2 * size && lifetime % size === 0) ?? [
    'seconds' as const,
    seconds(1),
  ];
  return catalogue.duration(lifetime / length, unit);
}
