import { randomUUID, timingSafeEqual } from 'node:crypto';
import { days } from '../clock.js';
import { isUuid } from '../database/uuid.js';
import type { SecretBox } from '../secrets.js';

const purpose = 'device';
/** A browser forgets it after this; in milliseconds. Chromium allows no more. */
export const deviceLifetime = days(400);

/**
 * What a device gets when somebody has signed in on it, so that it keeps a budget of attempts of its own for
 * that account, whatever strangers do to the account's (OWASP, Slow Down Online Guessing Attacks with Device
 * Cookies). It opens nothing.
 */
export const deviceTokenFor = (secrets: SecretBox, userId: string): string => signed(secrets, userId, randomUUID());

/** @returns the device's id, or undefined for what is not this user's device token */
export function deviceOf(secrets: SecretBox, token: string | null, userId: string): string | undefined {
  const [device, ...rest] = token?.split('.') ?? [];
  if (!token || rest.length !== 1 || !isUuid(device)) return undefined;
  const [given, expected] = [Buffer.from(token), Buffer.from(signed(secrets, userId, device))];
  return given.length === expected.length && timingSafeEqual(given, expected) ? device : undefined;
}

const signed = (secrets: SecretBox, userId: string, device: string): string =>
  `${device}.${secrets.derive(purpose, `${userId}.${device}`)}`;
