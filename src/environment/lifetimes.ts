import { z } from 'zod';
import { duration, durationOrOff, durationUpTo, whole } from '../config-values.js';

export const lifetimes = {
  /** Lifetime of an access token; at most a day, because services that verify it themselves learn of no revocation. */
  ACCESS_TOKEN_LIFETIME: durationUpTo('1d').prefault('1h'),
  /** The same after a sign-in with `rememberMe`. */
  ACCESS_TOKEN_LIFETIME_REMEMBERED: durationUpTo('1d').prefault('24h'),
  /** Lifetime of a refresh token, and so of an unused session, as a multiple of the access token's lifetime. */
  REFRESH_LIFETIME_FACTOR: whole(1, 10_000).default(7),
  /** A session ends at the latest after this time, however often it is refreshed. */
  SESSION_LIFETIME: duration.prefault('30d'),
  /**
   * Age from which the proof of who somebody is, their sign-in or `reauthenticate`, no longer counts for dangerous
   * actions: see [security](security.md#step-up). `off`: they never ask for another.
   */
  REAUTHENTICATION_AFTER: durationOrOff.prefault('10m'),
  /** Sessions that one account may have at a time; a further sign-in ends the one that was used longest ago. */
  SESSIONS_PER_ACCOUNT: whole(1, 10_000).default(100),
  /** Lifetime of the link in a verification mail. */
  VERIFICATION_LIFETIME: duration.prefault('24h'),
  /** Lifetime of the link in a reset mail. */
  PASSWORD_RESET_LIFETIME: duration.prefault('10m'),
  /** Lifetime of the link that confirms a new address. */
  EMAIL_CHANGE_LIFETIME: duration.prefault('24h'),
  /** Lifetime of the links that undo a change of address or disown a registration. */
  EMAIL_UNDO_LIFETIME: duration.prefault('7d'),
  /** Age at which the key that signs access tokens is replaced. */
  SIGNING_KEY_LIFETIME: duration.prefault('90d'),
  /**
   * Algorithm of new signing keys; `ES256` is for services whose libraries lack EdDSA. Another value replaces the key
   * at the next start: see [resource servers](resource-servers.md).
   */
  SIGNING_ALGORITHM: z.enum(['EdDSA', 'ES256']).default('EdDSA'),
};
