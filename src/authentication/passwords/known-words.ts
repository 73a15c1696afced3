/** What is known of the one whose password it is. None of it has been checked when it comes from a client. */
export interface Person {
  readonly username?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly firstName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
}

/** In UTF-16 units; the longest honest one is an e-mail address (RFC 5321, section 4.5.3.1.3). */
const longestWord = 254;
/** Shorter ones are part of too many words: they are only looked up, not taken out. */
const shortestTakenOut = 4;

/**
 * What somebody who guesses would try first: the person's names and address, and those of the service,
 * each as a whole and word by word.
 * @returns longest first, in lower case
 */
export function knownWords({ username, email, firstName, lastName }: Person, service: readonly string[]): string[] {
  const whole = [username, email, email?.split('@')[0], firstName, lastName, ...service]
    .map((text) => text?.slice(0, longestWord).trim().normalize('NFC').toLowerCase() ?? '')
    .filter((text) => text.length > 0);
  const parts = whole.flatMap((text) => text.split(/[^\p{L}\p{M}\p{N}]+/u)).filter((part) => part.length > 2);
  return [...new Set([...whole, ...parts])].sort((one, other) => other.length - one.length);
}

/** A password without the words that are known: they add nothing for somebody who guesses. */
export function withoutWords(password: string, words: readonly string[]): string {
  const long = words.filter((word) => word.length >= shortestTakenOut).map(escaped);
  return long.length === 0 ? password : password.replace(new RegExp(long.join('|'), 'giu'), '');
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
