import { duration, whole } from '../config-values.js';

export const lockout = {
  /** Wrong passwords, or wrong codes, after which an account is locked. */
  LOCKOUT_ATTEMPTS: whole(1, 100).default(5),
  /** How long an account stays locked, and how long failed attempts count. */
  LOCKOUT_DURATION: duration.prefault('30m'),
};
