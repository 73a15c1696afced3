import type { SecretBox } from '../../secrets.js';

const purpose = 'two-factor';

/**
 * Encrypts an authenticator's secret for the database. It is bound to the user, so a copied row does not open for
 * another.
 */
export const sealSecret = (secrets: SecretBox, secret: string, userId: string): Buffer =>
  secrets.seal(purpose, secret, userId);

/** @throws if the secret was not sealed for this user with this APP_SECRET */
export const openSecret = (secrets: SecretBox, sealed: Buffer, userId: string): string =>
  secrets.open(purpose, sealed, userId);
