import { randomUUID, timingSafeEqual } from 'node:crypto';
import { days } from '../../clock.js';
import { isUuid } from '../../database/uuid.js';
import type { SecretBox } from '../../secrets.js';

const purposes = { password: 'device', code: 'device-code' } as const;
/** Lifetime of the device cookie in milliseconds. Chromium caps cookies at 400 days. */
export const deviceLifetime = days(400);

/**
 * Creates the token of a device on which somebody has signed in. With it the device has its own count of attempts for
 * that account, so strangers cannot lock its owner out (OWASP, Slow Down Online Guessing Attacks with Device Cookies).
 * It grants no access. After a password it is `device.signature`, valid for the count of passwords only. After a code
 * it has a second signature, bound to the authenticator, valid for the count of codes of that authenticator.
 * @param authenticator the sealed secret of the second factor that was passed, if any
 * @param device the id of a known device
 */
export function deviceTokenFor(
  secrets: SecretBox,
  userId: string,
  authenticator?: Buffer,
  device: string = randomUUID(),
): string {
  const proved = provedByPassword(secrets, userId, device);
  return authenticator ? `${proved}.${signatureOfCode(secrets, userId, device, authenticator)}` : proved;
}

/** @returns the device's id, or undefined if this is not a device token of this user */
export function deviceOf(secrets: SecretBox, token: string | null, userId: string): string | undefined {
  const [device, signature, ...rest] = token?.split('.') ?? [];
  if (!isUuid(device) || rest.length > 1 || rest[0] === '') return undefined;
  return isSame(`${device}.${signature}`, provedByPassword(secrets, userId, device)) ? device : undefined;
}

/** @returns the id of a device that has passed a code of this authenticator, or undefined */
export function codeDeviceOf(
  secrets: SecretBox,
  token: string | null,
  userId: string,
  authenticator: Buffer,
): string | undefined {
  const device = deviceOf(secrets, token, userId);
  const isPassed = device && token && isSame(token, deviceTokenFor(secrets, userId, authenticator, device));
  return isPassed ? device : undefined;
}

const provedByPassword = (secrets: SecretBox, userId: string, device: string): string =>
  `${device}.${secrets.derive(purposes.password, `${userId}.${device}`)}`;

const signatureOfCode = (secrets: SecretBox, userId: string, device: string, authenticator: Buffer): string =>
  secrets.derive(purposes.code, `${userId}.${device}.${authenticator.toString('base64url')}`);

function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
