import { duration, whole } from '../config-values.js';

export const lockout = {
  /** Wrong passwords that lock an account; wrong codes are counted separately, up to the same number. */
  LOCKOUT_ATTEMPTS: whole(1, 100).default(5),
  /** How long the account stays locked, and how long failures are remembered. */
  LOCKOUT_DURATION: duration.prefault('30m'),
};
