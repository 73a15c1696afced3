import { timingSafeEqual } from 'node:crypto';
import { generateSecret, generateSync, generateURI } from 'otplib';

/** RFC 4226, section 4, R6 recommends a shared secret of 160 bits. */
const secretBytes = 160 / 8;
/** Length of a time step in seconds (RFC 6238, section 4.1). */
const period = 30;
const digits = 6;

/** @returns a new shared secret in Base32 */
export const newSecret = (): string => generateSecret({ length: secretBytes });

/**
 * The URI in the QR code. It names no algorithm, digits or period, because SHA-1, 6 and 30 seconds are the defaults.
 */
export const otpauthUri = (issuer: string, username: string, secret: string): string =>
  generateURI({ issuer, label: username, secret });

/** @returns the six digits without spaces; undefined for anything else */
export function totpCodeOf(typed: string): string | undefined {
  const code = typed.replaceAll(' ', '');
  return /^[0-9]{6}$/.test(code) ? code : undefined;
}

/**
 * Computes the code of one time step (RFC 6238, section 4.2).
 * @param length in digits
 */
export const codeAt = (secret: string | Uint8Array, step: number, length: 6 | 8 = digits): string =>
  generateSync({ secret, epoch: step * period, period, digits: length, algorithm: 'sha1' });

/** The time step of an instant. */
export const stepAt = (now: Date): number => Math.floor(now.getTime() / 1000 / period);

/**
 * Determines the time step of a code. One step before and after the current one is accepted, for differing clocks and
 * slow typing (RFC 6238, section 5.2), but only steps after the last used one.
 * @returns undefined if the code belongs to none of them
 */
export function acceptedStep(secret: string, code: string, now: Date, lastStep: number): number | undefined {
  const current = stepAt(now);
  const matching = [current - 1, current, current + 1].filter((step) => isSame(codeAt(secret, step), code));
  return matching.find((step) => step > lastStep);
}

function isSame(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}
