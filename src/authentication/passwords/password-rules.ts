import { type UserError, UserErrorCode } from '../../errors.js';

/** NIST SP 800-63B-4 asks to accept at least 64; more than this is not typed by anyone. */
const longest = 128;
/**
 * In UTF-16 units. A character takes at most two in NFC and at most four more when it is typed in parts; a longer
 * string is no acceptable password in any spelling, and is not looked at.
 */
const mostUnits = longest * 8;

/** Whether a string is not worth normalizing or hashing: no password of ours or from elsewhere is that long. */
export const isAbsurd = (password: string): boolean => password.length > mostUnits;

/** Unicode forms that look alike are one password (RFC 8265, OpaqueString; NIST SP 800-63B-4, section 3.1.1.2). */
export const normalizePassword = (password: string): string => password.normalize('NFC');

/**
 * Only the length is a rule: composition rules make passwords no harder to guess (NIST SP 800-63B-4, section 3.1.1.2).
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
