import { type UserError, UserErrorCode } from '../errors.js';
import { isLookAlike } from '../texts/look-alikes.js';

/** Whoever has one of these seems to speak for the service; the mailboxes are those of RFC 2142 that do. */
const reserved = ['admin', 'administrator', 'root', 'support', 'system', 'security', 'abuse', 'postmaster'];
const reservedMailboxes = ['hostmaster', 'webmaster', 'noreply'];

const letters = (text: string): string => text.replaceAll(/[^\p{L}\p{M}\p{N}]/gu, '');

/**
 * For those who name themselves; an administrator may give any name.
 * @param username normalized; read without what stands between its letters, and by its looks
 * @param serviceName is reserved, too
 */
export function checkReserved(username: string, serviceName: string): UserError[] {
  const isReserved = isLookAlike(letters(username), [...reserved, ...reservedMailboxes, letters(serviceName)]);
  const message = 'This username is reserved.';
  return isReserved ? [{ code: UserErrorCode.USERNAME_TAKEN, message, field: ['input', 'username'] }] : [];
}
