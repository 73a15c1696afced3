import { days, hours, minutes, seconds } from '../clock.js';
import type { Message } from './transport.js';

/**
 * Defines a kind of mail by its name, subject and body; the greeting is added.
 * @param kind shown to administrators when the mail could not be sent
 * @param body begins and ends with a line break. Its first argument is PUBLIC_URL; it must never come from a request,
 *   because an attacker could otherwise direct the links to another host.
 * @returns a function that makes the message from recipient, username, PUBLIC_URL and details
 */
export const mail =
  <Details extends unknown[]>(
    kind: string,
    subject: string,
    body: (publicUrl: string, ...details: Details) => string,
  ) =>
  /** @param username null while the address is unverified: whoever entered the address has also chosen the name */
  (to: string, username: string | null, publicUrl: string, ...details: Details): Message => ({
    kind,
    to,
    subject,
    text: `${greeting(username)}\n${body(publicUrl, ...details)}`,
  });

/** Letters, digits, `_` and `-`. A dot could make the name look like a host, many digits like a telephone number. */
const plainName = /^[\p{L}\p{M}\p{N}_-]+$/u;
const telephoneNumber = /(?:\p{Nd}[_-]*){5}/u;

/**
 * Omits a name that a mail program could turn into a link, because anybody can register with somebody else's address.
 */
function greeting(username: string | null): string {
  const isShown = username !== null && plainName.test(username) && !telephoneNumber.test(username);
  return isShown ? `Hello ${username},` : 'Hello,';
}

/** Characters that make a host name, an address or a path out of the words around them. */
const linkMaking = /(?<=\S)[.@/\u3002\uff0e\uff61](?=\S)/gu;

/** Separates a text chosen by a user with spaces, so that mail programs make no link of it: `www . example . com`. */
export const unlinked = (text: string): string => text.replace(linkMaking, ' $& ');

/** A token for a link in a mail, with its lifetime in milliseconds. */
export interface MailedLink {
  readonly token: string;
  readonly lifetime: number;
}

/** The link on a line of its own, followed by a sentence about its lifetime. */
export const link = (publicUrl: string, purpose: string, { token, lifetime }: MailedLink): string =>
  `${publicUrl}/${purpose}?token=${token}\n\nThe link works once, for ${inWords(lifetime)}.`;

/** Formats an instant to the minute, for example "2026-11-22 16:00 UTC". */
export const utc = (instant: Date): string => `${instant.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const units = [
  ['days', days(1)],
  ['hours', hours(1)],
  ['minutes', minutes(1)],
] as const;

/** For example "10 minutes", "24 hours", "7 days": the largest unit that gives a whole number of at least two. */
function inWords(lifetime: number): string {
  const [unit, length] = units.find(([, size]) => lifetime >= 2 * size && lifetime % size === 0) ?? [
    'seconds',
    seconds(1),
  ];
  return `${lifetime / length} ${unit}`;
}
