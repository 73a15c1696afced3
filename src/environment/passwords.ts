import { whole } from '../config-values.js';

export const passwords = {
  /** Argon2id memory, in KiB; OWASP's minimum is 19456 with two passes. */
  ARGON2_MEMORY_KIB: whole(8, 4_194_304).default(19 * 1024),
  /** Argon2id passes. */
  ARGON2_TIME_COST: whole(1, 100).default(2),
  /** Argon2id lanes. */
  ARGON2_PARALLELISM: whole(1, 64).default(1),
  /** Password hashes computed at a time; further ones wait in a bounded queue. */
  HASHING_CONCURRENCY: whole(1, 64).default(1),
  /** Password hashes that may wait; beyond that the answer is SERVICE_UNAVAILABLE. */
  HASHING_QUEUE: whole(0, 10_000).default(100),
  /** Shortest password accepted, in code points. */
  PASSWORD_MIN_LENGTH: whole(8, 128).default(8),
};
