import type { Sql } from '../database/sql.js';
import type { Redis } from '../redis/redis.js';

/** Where the processes of an installation count together. */
export interface CountPlaces {
  readonly sql: Sql;
  /** Undefined without REDIS_URL: the database counts. */
  readonly redis: Redis | undefined;
}

/** The same count in both places. */
interface Counting<T> {
  readonly inRedis: () => Promise<T>;
  readonly inTable: () => Promise<T>;
  /** Whether this answer refuses. Default: none does. */
  readonly refuses?: (answer: T) => boolean;
  /** The answer of the two that lets less through. */
  readonly stricter: (one: T, other: T) => T;
}

/**
 * Counts in Redis, and in the database while Redis is away. For one window after Redis was taken up it counts in both
 * and heeds the stricter one: Redis may have lost its counts, and those of the outage are in the database. So each of
 * the two lets at most one window's worth through, however often Redis is lost and found. What Redis refuses is not counted
 * in the database: calls that come at once reach the two in different orders, and each would let other ones through.
 * @param window length of the window, in milliseconds
 * @throws the error of the database
 */
export async function countTogether<T>(redis: Redis, window: number, counting: Counting<T>): Promise<T> {
  const { inRedis, inTable, refuses = () => false, stricter } = counting;
  if (redis.settledFor >= window) return inRedis().catch(inTable);
  const one = await inRedis().catch(() => undefined);
  if (one === undefined) return inTable();
  return refuses(one) ? one : stricter(one, await inTable());
}
