import { randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Tells people and secret scanners what they have found. */
const prefix = 'gth_';
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 43 of 62 letters hold 256 random bits. */
const secretLength = Math.ceil(256 / Math.log2(alphabet.length));
/** 6 of 62 letters hold 32 bits. */
const checksumLength = Math.ceil(32 / Math.log2(alphabet.length));
const pattern = new RegExp(`^${prefix}([0-9A-Za-z]{${secretLength}})([0-9A-Za-z]{${checksumLength}})$`);

/** A new API token: prefix, secret, and the secret's CRC-32, by which a scanner knows a real one from a look-alike. */
export function newApiToken(): string {
  const secret = Array.from({ length: secretLength }, () => alphabet[randomInt(alphabet.length)]).join('');
  return `${prefix}${secret}${checksumOf(secret)}`;
}

/** Whether a text is written as one of our API tokens. */
export function isApiToken(text: string): boolean {
  const [, secret, checksum] = pattern.exec(text) ?? [];
  return secret !== undefined && checksumOf(secret) === checksum;
}

function checksumOf(secret: string): string {
  let rest = crc32(secret);
  let digits = '';
  for (let n = 0; n < checksumLength; n += 1) {
    digits = `${alphabet[rest % alphabet.length]}${digits}`;
    rest = Math.floor(rest / alphabet.length);
  }
  return digits;
}
