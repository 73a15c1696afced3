/** Threads of libuv's pool, unless UV_THREADPOOL_SIZE says otherwise. */
const poolThreads = 4;

/**
 * How many passwords are hashed at a time by default: fewer than there are cores, so that one is left for requests, and
 * fewer than the pool has threads, so that files, host names and signatures find one, too. At least 1.
 */
export const hashesAtOnce = (cores: number): number => Math.max(1, Math.min(cores, poolThreads) - 1);
