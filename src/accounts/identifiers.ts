import { z } from 'zod';
import { type UserError, UserErrorCode } from '../errors.js';
import { isLine } from '../texts/plain-text.js';
import { isOneScriptPerWord } from '../texts/words.js';

/**
 * Normalizes usernames and addresses: Unicode NFKC and lower case. Lower-casing undoes NFKC for a few characters, hence
 * the second pass. Apply it before validating and comparing.
 * @example
 * normalizeIdentifier(' Ａda@Example.COM '); // 'ada@example.com'
 */
export const normalizeIdentifier = (text: string): string =>
  text.trim().normalize('NFKC').toLowerCase().normalize('NFKC');

/**
 * Letters and digits of any script, with `.`, `_` and `-` between them. No `@`, so no username is an e-mail address.
 */
const usernamePattern = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}._-]*[\p{L}\p{M}\p{N}])?$/u;
/** Invisible letters and marks, with which two names could look the same. */
const unseen = /\p{Default_Ignorable_Code_Point}/u;
const usernameLength = { min: 3, max: 64 };
/** RFC 5321, section 4.5.3.1.3 leaves 254 characters for the address. */
export const longestEmail = 254;
const emailSyntax = z.email();

const problem = (field: string, message: string): UserError => ({
  code: UserErrorCode.INVALID_INPUT,
  message,
  field: ['input', field],
});

/**
 * @param username normalized
 * @returns the errors, none if it is valid
 */
export function checkUsername(username: string): UserError[] {
  const length = [...username].length;
  if (length < usernameLength.min || length > usernameLength.max) {
    return [problem('username', `A username has ${usernameLength.min} to ${usernameLength.max} characters.`)];
  }
  if (!usernamePattern.test(username) || unseen.test(username))
    return [problem('username', 'A username holds letters, digits and . _ - between them.')];
  return isOneScriptPerWord(username)
    ? []
    : [problem('username', 'Each word of a username is written in one script, such as Latin or Cyrillic.')];
}

/**
 * @param email normalized
 * @returns the errors, none if it is valid
 */
export function checkEmail(email: string, field = 'email'): UserError[] {
  const valid = email.length <= longestEmail && emailSyntax.safeParse(email).success;
  return valid ? [] : [problem(field, 'This is not an e-mail address.')];
}

const longestName = 100;

/** Whether a text can be a person's name: one line of free text. */
export const isName = (text: string): boolean => isLine(text, longestName);

/** @param name trimmed and normalized, see `tidied` */
export function checkName(field: 'firstName' | 'lastName', name: string | null | undefined): UserError[] {
  return name == null || isName(name) ? [] : [problem(field, `A name has at most ${longestName} characters.`)];
}
