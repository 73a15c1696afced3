import type { SecretBox } from '../../secrets.js';

const purpose = 'two-factor';

/** An authenticator's secret as the database keeps it; a row copied to another user does not open. */
export const sealSecret = (secrets: SecretBox, secret: string, userId: string): Buffer =>
  secrets.seal(purpose, secret, userId);

/** @throws when it was not sealed for this user under this APP_SECRET */
export const openSecret = (secrets: SecretBox, sealed: Buffer, userId: string): string =>
  secrets.open(purpose, sealed, userId);
