/** What is known about the person whose password is checked. Values that come from a client have not been validated. */
export interface Person {
  readonly username?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly firstName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
}

/** In UTF-16 units; the longest valid word is an e-mail address (RFC 5321, section 4.5.3.1.3). */
const longestWord = 254;
/** Shorter words occur in too many passwords: they go to the dictionary but are not removed from the password. */
const shortestTakenOut = 4;

/**
 * The words that somebody would guess first: names and address of the person and names of the service, each as a whole
 * and split into words.
 * @returns lower case, longest first
 */
export function knownWords({ username, email, firstName, lastName }: Person, service: readonly string[]): string[] {
  const whole = [username, email, email?.split('@')[0], firstName, lastName, ...service]
    .map((text) => text?.slice(0, longestWord).trim().normalize('NFC').toLowerCase() ?? '')
    .filter((text) => text.length > 0);
  const parts = whole.flatMap((text) => text.split(/[^\p{L}\p{M}\p{N}]+/u)).filter((part) => part.length > 2);
  return [...new Set([...whole, ...parts])].sort((one, other) => other.length - one.length);
}

/** Removes known words from a password, because they do not make it harder to guess. */
export function withoutWords(password: string, words: readonly string[]): string {
  const long = words.filter((word) => word.length >= shortestTakenOut).map(escaped);
  return long.length === 0 ? password : password.replace(new RegExp(long.join('|'), 'giu'), '');
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
