import type { SecretBox } from '../secrets.js';

/** Characters of Base64, of 6 bits each: 96 bits. The time to estimate the strength of a password grows with its length. */
const length = 16;

/**
 * The password of somebody in the demo. Derived from the secret of the data folder: the same at every start, another in
 * every folder, stored nowhere.
 */
export const passwordOf = (secrets: SecretBox, username: string): string =>
  secrets.derive('demo password', username).slice(0, length);
