import { days, hours, minutes, seconds } from '../clock.js';
import type { Message } from './transport.js';

/**
 * Makes a kind of mail out of its subject and of what it says below the greeting.
 * @param body begins and ends with a line break; it is given the address of the service, which comes from PUBLIC_URL
 *   and never from a request
 */
export const mail =
  <Details extends unknown[]>(subject: string, body: (publicUrl: string, ...details: Details) => string) =>
  /** @param username null where nobody has proved yet that the mailbox is theirs: whoever asked has chosen it */
  (to: string, username: string | null, publicUrl: string, ...details: Details): Message => ({
    to,
    subject,
    text: `${greeting(username)}\n${body(publicUrl, ...details)}`,
  });

/** Of letters, digits and what joins them; a dot could make it the name of a host, many digits a telephone number. */
const plainName = /^[\p{L}\p{M}\p{N}_-]+$/u;
const telephoneNumber = /(?:\p{Nd}[_-]*){5}/u;

/** Anybody may register with any address, so a name that a mail program could turn into a link is left out. */
function greeting(username: string | null): string {
  const isShown = username !== null && plainName.test(username) && !telephoneNumber.test(username);
  return isShown ? `Hello ${username},` : 'Hello,';
}

/** What makes the name of a host, an address or a path out of the words around it. */
const linkMaking = /(?<=\S)[.@/\u3002\uff0e\uff61](?=\S)/gu;

/** A text that somebody else chose, so that no mail program turns it into a link: `www . example . com`. */
export const unlinked = (text: string): string => text.replace(linkMaking, ' $& ');

/** A token that is mailed, and for how long it works, in milliseconds. */
export interface MailedLink {
  readonly token: string;
  readonly lifetime: number;
}

/** A line with the link, and one that says how long it works. */
export const link = (publicUrl: string, purpose: string, { token, lifetime }: MailedLink): string =>
  `${publicUrl}/${purpose}?token=${token}\n\nThe link works once, for ${inWords(lifetime)}.`;

/** To the minute: "2026-11-22 16:00 UTC". */
export const utc = (instant: Date): string => `${instant.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const units = [
  ['days', days(1)],
  ['hours', hours(1)],
  ['minutes', minutes(1)],
] as const;

/** "10 minutes", "24 hours", "7 days": in the largest unit of which there are at least two, whole ones. */
function inWords(lifetime: number): string {
  const [unit, length] = units.find(([, size]) => lifetime >= 2 * size && lifetime % size === 0) ?? [
    'seconds',
    seconds(1),
  ];
  return `${lifetime / length} ${unit}`;
}
