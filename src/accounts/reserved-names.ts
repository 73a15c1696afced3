import { type UserError, UserErrorCode } from '../errors.js';
import { isLookAlike } from '../texts/look-alikes.js';

/** Names whose holder would appear to speak for the service. The mailboxes are from RFC 2142. */
const reserved = ['admin', 'administrator', 'root', 'support', 'system', 'security', 'abuse', 'postmaster'];
const reservedMailboxes = ['hostmaster', 'webmaster', 'noreply'];

const letters = (text: string): string => text.replaceAll(/[^\p{L}\p{M}\p{N}]/gu, '');

/**
 * Checks a name that a user chooses for themselves; administrators may assign any name.
 * @param username normalized; compared by its letters and digits only, and by how they look
 * @param serviceName reserved too
 */
export function checkReserved(username: string, serviceName: string): UserError[] {
  const isReserved = isLookAlike(letters(username), [...reserved, ...reservedMailboxes, letters(serviceName)]);
  const message = 'This username is reserved.';
  return isReserved ? [{ code: UserErrorCode.USERNAME_TAKEN, message, field: ['input', 'username'] }] : [];
}
