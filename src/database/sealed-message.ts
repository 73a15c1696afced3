import { timingSafeEqual } from 'node:crypto';
import type { SecretBox } from '../secrets.js';

const purpose = 'signals';
/** HMAC-SHA-256 as base64url. */
const macLength = 43;

type Secrets = Pick<SecretBox, 'mac'>;

const macOf = (secrets: Secrets, text: string): string => secrets.mac(purpose, Buffer.from(text)).toString('base64url');

/** @returns the text behind a code that only the holder of APP_SECRET can compute. The text can be read by anybody */
export const sealMessage = (secrets: Secrets, text: string): string => macOf(secrets, text) + text;

/** @returns the text; undefined when it is not from a process of this installation. It may be an old one */
export function openMessage(secrets: Secrets, sealed: string): string | undefined {
  const text = sealed.slice(macLength);
  const [told, right] = [sealed.slice(0, macLength), macOf(secrets, text)].map((mac) => Buffer.from(mac));
  return told && right && told.length === right.length && timingSafeEqual(told, right) ? text : undefined;
}
