import { minutes } from '../clock.js';
import type { Redis } from '../redis/redis.js';
import { Script } from '../redis/script.js';
import type { SecretBox } from '../secrets.js';
import type { Costs, Points } from './cost-store.js';

/**
 * Adds to several sums at once. A refund for what is no longer known leaves 0, so that it does not become points to
 * spend. The sums end with their window's name, so it does no harm that they are kept for longer.
 */
const adding = new Script(`
  local sums = {}
  for place, key in ipairs(KEYS) do
    local sum = redis.call('INCRBY', key, ARGV[place + 1])
    if sum < 0 then
      redis.call('SET', key, 0)
      sum = 0
    end
    redis.call('PEXPIRE', key, ARGV[1])
    sums[place] = sum
  end
  return sums`);

/** Callers are spread over so many parts, which a cluster can have on as many nodes. */
const parts = 16;
/** Callers per script: Redis does nothing else while it runs, for a fraction of a millisecond. */
const mostAtOnce = 100;

/** What each caller has spent in a window, in Redis. */
export class RedisCosts implements Costs {
  /** In milliseconds. */
  private readonly lifetime: number;

  /** @param window length of a window, in milliseconds */
  constructor(
    private readonly redis: Redis,
    private readonly secrets: SecretBox,
    window: number,
  ) {
    this.lifetime = window + minutes(1);
  }

  /** @throws RedisFailure; a part of the amounts may have been added then */
  async add(spent: Points, windowEnd: number): Promise<Points> {
    const sums = new Map<string, number>();
    const groups = new Map<string, Entry[]>();
    for (const [owner, points] of spent) {
      const { part, key } = this.placeOf(owner, windowEnd);
      const group = groups.get(part) ?? [];
      groups.set(part, group);
      group.push({ owner, points, key });
    }
    await Promise.all([...groups.values()].map((group) => this.addGroup(group, sums)));
    return sums;
  }

  private async addGroup(group: readonly Entry[], sums: Map<string, number>): Promise<void> {
    for (let from = 0; from < group.length; from += mostAtOnce) {
      const entries = group.slice(from, from + mostAtOnce);
      const keys = entries.map(({ key }) => key);
      const values = [this.lifetime, ...entries.map(({ points }) => points)].map(String);
      const answer = (await this.redis.run(adding, { keys, arguments: values })) as readonly number[];
      for (const [place, { owner }] of entries.entries()) sums.set(owner, Number(answer[place]));
    }
  }

  /** A keyed digest, because callers can be network addresses, which no key should contain. */
  private placeOf(owner: string, windowEnd: number): { part: string; key: string } {
    const digest = this.secrets.derive('cost budget', owner);
    const part = String(digest.charCodeAt(0) % parts);
    return { part, key: this.redis.key('cost', part, `:${windowEnd}:${digest}`) };
  }
}

interface Entry {
  readonly owner: string;
  readonly points: number;
  readonly key: string;
}
