import { availableParallelism } from 'node:os';
import { duration, whole } from '../config-values.js';
import { hashesAtOnce } from '../hashes-at-once.js';

export const passwords = {
  /**
   * Argon2id memory, in KiB; OWASP's minimum is 19456 with two passes. A stored hash that is weaker is replaced at the
   * next sign-in.
   */
  ARGON2_MEMORY_KIB: whole(8, 4_194_304).default(19 * 1024),
  /** Argon2id passes. */
  ARGON2_TIME_COST: whole(1, 100).default(2),
  /** Argon2id lanes. */
  ARGON2_PARALLELISM: whole(1, 64).default(1),
  /**
   * Hashes computed at once. At most 3 by default, because files, DNS and signatures share a pool of four threads with
   * them: keep it below `UV_THREADPOOL_SIZE`.
   * @defaultValue one less than the cores, from 1 to 3
   */
  HASHING_CONCURRENCY: whole(1, 64).default(() => hashesAtOnce(availableParallelism())),
  /**
   * Hashes that may wait; beyond that the answer is `SERVICE_UNAVAILABLE`. Up to 100, the same bound holds for attempts that
   * wait for their turn on one account, and for waiting estimates of password strength.
   */
  HASHING_QUEUE: whole(0, 10_000).default(500),
  /**
   * Longest expected wait for a hash. Beyond it the answer is `SERVICE_UNAVAILABLE` at once, with the expected seconds as
   * `retryAfter`. Keep it below `OPERATION_TIME_LIMIT`.
   */
  HASHING_LONGEST_WAIT: duration.prefault('5s'),
  /** Shortest password accepted, in code points. */
  PASSWORD_MIN_LENGTH: whole(8, 128).default(8),
};
