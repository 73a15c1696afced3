import { rate } from '../config-values.js';

export const rateLimits = {
  /** Sign-ins, and uses of each kind of mailed link, per client address. */
  RATE_LIMIT_LOGIN: rate.prefault('10/1m'),
  /** Second-factor codes at sign-in, per client address. */
  RATE_LIMIT_TWO_FACTOR: rate.prefault('10/1m'),
  /** Requests for a password reset mail, per client address and per e-mail address. */
  RATE_LIMIT_PASSWORD_RESET: rate.prefault('10/1h'),
  /** Estimates of password strength, per client address. */
  RATE_LIMIT_PASSWORD_STRENGTH: rate.prefault('60/1m'),
  /** Registrations per client address. */
  RATE_LIMIT_REGISTER: rate.prefault('3/1m'),
  /**
   * Mails to an address yet to be verified: per e-mail address; resending also per client address, changing one per
   * account.
   */
  RATE_LIMIT_VERIFICATION: rate.prefault('20/1h'),
  /** Refreshes of a session, per client address. */
  RATE_LIMIT_REFRESH: rate.prefault('120/1m'),
  /** Executions of each mutation, subscription and role preview, per signed-in account. */
  RATE_LIMIT_MUTATION: rate.prefault('300/1m'),
  /** Query cost in points, per account, per API token (half of it), and per client address for anonymous callers. */
  RATE_LIMIT_COST: rate.prefault('600000/1m'),
};
