import { type UserError, UserErrorCode } from '../errors.js';

/** NIST SP 800-63B-4 asks to accept at least 64; more than this is not typed by anyone. */
const longest = 128;
/** A code point is at most two UTF-16 units: a longer string is refused without being looked at. */
const mostUnits = longest * 2;

const problem = (code: UserErrorCode, message: string): UserError[] => [
  { code, message, field: ['input', 'password'] },
];

/** @param shortest in code points */
export function checkPassword(password: string, shortest: number): UserError[] {
  const length = password.length > mostUnits ? Number.POSITIVE_INFINITY : [...password].length;
  if (length > longest)
    return problem(UserErrorCode.PASSWORD_TOO_LONG, `A password has at most ${longest} characters.`);
  if (length < shortest)
    return problem(UserErrorCode.PASSWORD_TOO_SHORT, `A password has at least ${shortest} characters.`);
  return [];
}
