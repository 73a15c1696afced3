import { randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Lets people and secret scanners recognize a token. */
const prefix = 'gth_';
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** Base62 digits of a 256-bit secret: 43. */
const secretLength = Math.ceil(256 / Math.log2(alphabet.length));
/** Base62 digits of a 32-bit checksum: 6. */
const checksumLength = Math.ceil(32 / Math.log2(alphabet.length));
const pattern = new RegExp(`^${prefix}([0-9A-Za-z]{${secretLength}})([0-9A-Za-z]{${checksumLength}})$`);

/**
 * Creates an API token: prefix, secret, and the CRC-32 of the secret, by which a scanner tells a token from similar
 * text.
 */
export function newApiToken(): string {
  const secret = Array.from({ length: secretLength }, () => alphabet[randomInt(alphabet.length)]).join('');
  return `${prefix}${secret}${checksumOf(secret)}`;
}

/** Whether a text has the format of an API token. */
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
