import { randomUUID, timingSafeEqual } from 'node:crypto';
import { days } from '../../clock.js';
import { isUuid } from '../../database/uuid.js';
import type { SecretBox } from '../../secrets.js';

const purposes = { password: 'device', code: 'device-code' } as const;
/** A browser forgets it after this; in milliseconds. Chromium allows no more. */
export const deviceLifetime = days(400);

/**
 * What a device gets when somebody has signed in on it, so that it keeps a budget of attempts of its own for
 * that account, whatever strangers do to the account's (OWASP, Slow Down Online Guessing Attacks with Device
 * Cookies). It opens nothing. A password earns `device.signature`, which has a budget for passwords alone; a code earns
 * a second signature, bound to the authenticator, and with it a budget for codes of that one.
 * @param authenticator the sealed secret of the second factor that was passed, if one was
 * @param device its id, when it is known already
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

/** @returns the device's id, or undefined for what is not this user's device token */
export function deviceOf(secrets: SecretBox, token: string | null, userId: string): string | undefined {
  const [device, signature, ...rest] = token?.split('.') ?? [];
  if (!isUuid(device) || rest.length > 1 || rest[0] === '') return undefined;
  return isSame(`${device}.${signature}`, provedByPassword(secrets, userId, device)) ? device : undefined;
}

/** @returns the id of a device on which a code of this very authenticator was right, or undefined */
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
