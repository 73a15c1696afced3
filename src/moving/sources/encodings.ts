const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648, section 6, without padding. */
export function base32(bytes: Buffer): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((group) => letters[Number.parseInt(group.padEnd(5, '0'), 2)]).join('');
}

/** Base64 as PHC strings have it, without padding, of Base64 in any of its spellings. */
export const phcBase64 = (text: string): string => Buffer.from(text, 'base64').toString('base64').replaceAll('=', '');
