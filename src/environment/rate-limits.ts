import { rate } from '../config-values.js';

export const rateLimits = {
  /** Sign-ins and uses of mailed links, per client address. */
  RATE_LIMIT_LOGIN: rate.prefault('10/1m'),
  /** Codes of the second factor at sign-in, per client address. */
  RATE_LIMIT_TWO_FACTOR: rate.prefault('10/1m'),
  /** Requests for a reset mail, per client address and per e-mail address. */
  RATE_LIMIT_PASSWORD_RESET: rate.prefault('10/1h'),
  /** Estimates of a password's strength, per client address. */
  RATE_LIMIT_PASSWORD_STRENGTH: rate.prefault('60/1m'),
  /** Registrations, per client address. */
  RATE_LIMIT_REGISTER: rate.prefault('3/1m'),
  /**
   * Requests for another verification mail, per client address; changes of address, per signed-in caller; and
   * registrations, verification mails and changes of address, per e-mail address.
   */
  RATE_LIMIT_VERIFICATION: rate.prefault('20/1h'),
  /** Session refreshes, per client address. */
  RATE_LIMIT_REFRESH: rate.prefault('120/1m'),
  /** Other mutations, new subscriptions and `previewRoleChange`, per signed-in caller. */
  RATE_LIMIT_MUTATION: rate.prefault('300/1m'),
  /**
   * Cost of all operations and events, per account, per API token (half of the rate) and, for anonymous callers, per
   * client address; see [operations](operations.md#cost).
   */
  RATE_LIMIT_COST: rate.prefault('600000/1m'),
};
