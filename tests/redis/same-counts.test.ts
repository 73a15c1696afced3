import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { pino } from 'pino';
import { CostStore } from '../../src/api/cost-store.js';
import { rateCounts } from '../../src/api/rate-counts.js';
import { RedisCosts } from '../../src/api/redis-costs.js';
import { minutes } from '../../src/clock.js';
import { Redis } from '../../src/redis/redis.js';
import { redisAddressOf } from '../../src/redis-address.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { describeWithRedis, RedisServer } from '../support/redis.js';

/** Counting in Redis is the same as in the database, and as in a model of either. */
describeWithRedis('both places', () => {
  let server: RedisServer;
  let harness: Harness;
  let redis: Redis;
  beforeAll(async () => {
    server = await RedisServer.start();
    harness = await Harness.start();
    const address = redisAddressOf(server.url);
    if (typeof address === 'string') throw new Error(address);
    redis = new Redis(address, 'gatehouse:test', pino({ level: 'silent' }));
    redis.start();
    await eventually(() => redis.isUp);
    Reflect.set(redis, 'takenUpAt', Number.NEGATIVE_INFINITY);
  });
  afterAll(async () => {
    await redis.close();
    await harness.close();
    await server.stop();
  });

  test('let the same calls through, window after window', async () => {
    const { sql } = harness.app.services.database;
    const step = fc.record({ key: fc.nat(2), calls: fc.integer({ min: 1, max: 4 }), endsBefore: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), fc.array(step, { maxLength: 25 }), async (points, steps) => {
        const [name, rate] = [randomUUID(), { points, seconds: 600 }];
        const [shared, table] = [
          rateCounts(name, rate, { sql, redis }),
          rateCounts(name, rate, { sql, redis: undefined }),
        ];
        const model = new Map<number, number>();
        for (const { key, calls, endsBefore } of steps) {
          const before = model.get(key) ?? 0;
          // Once a limit is exceeded, a process does not ask again until its window ends.
          if (endsBefore && before <= points) {
            await server.ask(['DEL', redis.key('rate', `${name}:${key}`)]);
            await sql.rows('update rate_limits set expire = 0 where key = $1', [`${name}:${key}`]);
            model.delete(key);
          }
          const sum = (model.get(key) ?? 0) + calls;
          model.set(key, sum);
          const [one, other] = await Promise.all([shared(String(key), calls), table(String(key), calls)]);
          const expected = sum <= points ? sum : expect.any(Number);
          expect([one.calls, one.calls > points]).toEqual([expected, sum > points]);
          expect([other.calls, other.calls > points]).toEqual([expected, sum > points]);
          for (const { freshIn } of [one, other]) expect(freshIn > 0 && freshIn <= 600_000).toBe(true);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('know the same sums of costs and refunds, window after window', async () => {
    const { database, secrets } = harness.app.services;
    const [shared, table] = [new RedisCosts(redis, secrets, minutes(1)), new CostStore(database.sql, secrets)];
    const amounts = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: -60, max: 90 }));
    const step = fc.record({ amounts, isLater: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const run = randomUUID();
        let end = minutes(1);
        let model = new Map<string, number>();
        for (const { amounts, isLater } of steps) {
          if (isLater) [end, model] = [end + minutes(1), new Map()];
          const spent = new Map(Object.entries(amounts).map(([name, points]) => [`${run}${name}`, points]));
          for (const [owner, points] of spent) model.set(owner, Math.max(0, (model.get(owner) ?? 0) + points));
          const expected = new Map([...spent.keys()].map((owner) => [owner, model.get(owner)]));
          expect(await shared.add(spent, end)).toEqual(expected);
          expect(await table.add(spent, end)).toEqual(expected);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('sum up thousands of callers at once', async () => {
    const { secrets } = harness.app.services;
    const costs = new RedisCosts(redis, secrets, minutes(1));
    const spent = new Map(Array.from({ length: 20_000 }, (_, n) => [`caller ${n}`, n + 1]));
    const end = minutes(100);
    await costs.add(spent, end);
    const sums = await costs.add(spent, end);
    expect(sums.size).toBe(spent.size);
    for (const [owner, points] of spent) expect(sums.get(owner)).toBe(2 * points);
  });
});
