import { z } from 'zod';
import { duration, durationUpTo, whole } from '../config-values.js';

export const lifetimes = {
  /**
   * Lifetime of an access token, without and with rememberMe; at most a day, because services that verify it themselves
   * learn of no revocation.
   */
  ACCESS_TOKEN_LIFETIME: durationUpTo('1d').prefault('1h'),
  ACCESS_TOKEN_LIFETIME_REMEMBERED: durationUpTo('1d').prefault('24h'),
  /** Lifetime of a refresh token, and of an unused session, as a multiple of the lifetime of its access token. */
  REFRESH_LIFETIME_FACTOR: whole(1, 10_000).default(7),
  /** Longest lifetime of a session, however often it is refreshed. */
  SESSION_LIFETIME: duration.prefault('30d'),
  /** Most sessions of one account at a time; another sign-in ends the one that was used least recently. */
  SESSIONS_PER_ACCOUNT: whole(1, 10_000).default(100),
  /** Lifetime of the link in a verification mail. */
  VERIFICATION_LIFETIME: duration.prefault('24h'),
  /** Lifetime of the link in a password reset mail. */
  PASSWORD_RESET_LIFETIME: duration.prefault('10m'),
  /** Lifetime of the link that confirms a new e-mail address. */
  EMAIL_CHANGE_LIFETIME: duration.prefault('24h'),
  /** Lifetime of the links that undo a change of e-mail address, and that disown a registration. */
  EMAIL_UNDO_LIFETIME: duration.prefault('7d'),
  /** Age at which the signing key for access tokens is replaced. */
  SIGNING_KEY_LIFETIME: duration.prefault('90d'),
  /** Algorithm of new signing keys. ES256 is for services whose libraries lack EdDSA. Another value replaces the key. */
  SIGNING_ALGORITHM: z.enum(['EdDSA', 'ES256']).default('EdDSA'),
};
