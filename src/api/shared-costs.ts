import { seconds } from '../clock.js';
import type { Rate } from '../config.js';
import type { Redis } from '../redis/redis.js';
import type { SecretBox } from '../secrets.js';
import { CostStore, type Costs, type Points } from './cost-store.js';
import { type CountPlaces, countTogether } from './count-places.js';
import { RedisCosts } from './redis-costs.js';

/** Where the processes tell one another what callers have spent. */
export function sharedCosts(rate: Rate, { sql, redis }: CountPlaces, secrets: SecretBox): Costs {
  const table = new CostStore(sql, secrets);
  return redis ? inBoth(redis, seconds(rate.seconds), table, secrets) : table;
}

/** @param window in milliseconds */
function inBoth(redis: Redis, window: number, table: Costs, secrets: SecretBox): Costs {
  const shared = new RedisCosts(redis, secrets, window);
  return {
    add: (spent, windowEnd) =>
      countTogether(redis, window, {
        inRedis: () => shared.add(spent, windowEnd),
        inTable: () => table.add(spent, windowEnd),
        stricter: largerOf,
      }),
  };
}

/** Both have sums of the same callers. */
const largerOf = (one: Points, other: Points): Points =>
  new Map([...one].map(([owner, points]) => [owner, Math.max(points, other.get(owner) ?? 0)]));
