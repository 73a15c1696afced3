import { type UserError, UserErrorCode } from '../../errors.js';

/**
 * In code points. NIST SP 800-63B-4 requires accepting at least 64; longer passwords than this are not typed by people.
 */
const longest = 128;
/**
 * In UTF-16 units. A character has at most two in NFC, and up to four times as many when it is typed in parts. A longer
 * string cannot be an acceptable password, so it is rejected without being examined.
 */
const mostUnits = longest * 8;

/**
 * Whether a string is too long to be normalized or hashed; no password of this service or an imported one is as long.
 */
export const isAbsurd = (password: string): boolean => password.length > mostUnits;

/** Unicode forms that look alike are the same password (RFC 8265, OpaqueString; NIST SP 800-63B-4, section 3.1.1.2). */
export const normalizePassword = (password: string): string => password.normalize('NFC');

/**
 * Checks the length. There are no composition rules, because they do not make passwords harder to guess (NIST SP
 * 800-63B-4, section 3.1.1.2).
 * @param shortest in code points, after normalization
 */
export function lengthProblem(password: string, shortest: number): Omit<UserError, 'field'> | undefined {
  const length = isAbsurd(password) ? Number.POSITIVE_INFINITY : [...normalizePassword(password)].length;
  if (length > longest)
    return { code: UserErrorCode.PASSWORD_TOO_LONG, message: `A password has at most ${longest} characters.` };
  if (length < shortest)
    return { code: UserErrorCode.PASSWORD_TOO_SHORT, message: `A password has at least ${shortest} characters.` };
  return undefined;
}
