import {
  RateLimiterPostgres,
  RateLimiterRedis,
  RateLimiterRes,
  type RateLimiterStoreAbstract,
} from 'rate-limiter-flexible';
import { seconds } from '../clock.js';
import type { Rate } from '../config.js';
import type { Redis } from '../redis/redis.js';
import { Script, type ScriptInput } from '../redis/script.js';
import { type CountPlaces, countTogether } from './count-places.js';

/** A count after calls were added to it. */
interface Count {
  /** All calls of the window, those that were added last among them. */
  readonly calls: number;
  /** Time until the window ends, in milliseconds. */
  readonly freshIn: number;
}

/**
 * Adds calls to the count of a key, in one step.
 * @returns the new count; rejects when the database fails
 */
export type AddCalls = (key: string, calls: number) => Promise<Count>;

/** A window starts with its first call, by the clock of Redis, or without it by that of the host. */
export function rateCounts(name: string, rate: Rate, { sql, redis }: CountPlaces): AddCalls {
  const common = {
    keyPrefix: name,
    points: rate.points,
    duration: rate.seconds,
    // Once a limit is reached, this process refuses further calls without asking.
    inMemoryBlockOnConsumed: rate.points + 1,
  };
  const inTable = addingWith(
    new RateLimiterPostgres({
      ...common,
      storeClient: sql,
      storeType: 'pool',
      tableName: 'rate_limits',
      tableCreated: true,
      // The sweep deletes expired rows in batches; the library would scan the whole table.
      clearExpiredByTimeout: false,
    }),
    rate,
  );
  if (!redis) return inTable;
  const inRedis = addingWith(
    new RateLimiterRedis({ ...common, storeClient: storeIn(redis), useRedisPackage: true }),
    rate,
  );
  return (key, calls) =>
    countTogether(redis, seconds(rate.seconds), {
      inRedis: () => inRedis(key, calls),
      inTable: () => inTable(key, calls),
      refuses: (count) => count.calls > rate.points,
      stricter: (one, other) => stricterOf(one, other, rate),
    });
}

/** When both are exceeded, the one that ends later. */
function stricterOf(one: Count, other: Count, { points }: Rate): Count {
  const bothExceed = one.calls > points && other.calls > points;
  const isOther = bothExceed ? other.freshIn > one.freshIn : other.calls > one.calls;
  return isOther ? other : one;
}

/** What the library asks of a client of Redis: that it runs its script. Names of keys are digests already. */
function storeIn(redis: Redis) {
  const scripts = new Map<string, Script>();
  return {
    eval: (text: string, { keys, arguments: values }: ScriptInput): Promise<unknown> => {
      const script = scripts.get(text) ?? new Script(text);
      scripts.set(text, script);
      return redis.run(script, { keys: keys.map((key) => redis.key('rate', key)), arguments: values });
    },
  };
}

function addingWith(limiter: RateLimiterStoreAbstract, { points }: Rate): AddCalls {
  return async (key, calls) => {
    const { consumedPoints, msBeforeNext } = await limiter.consume(key, calls).catch((result: unknown) => {
      // The library rejects with a result when the limit is reached, and with an Error when the count failed.
      if (result instanceof RateLimiterRes) return result;
      throw result;
    });
    // A refusal from the library's memory carries no count.
    return { calls: consumedPoints > 0 ? consumedPoints : points + calls, freshIn: msBeforeNext };
  };
}
