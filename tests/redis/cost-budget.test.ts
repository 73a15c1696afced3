import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { App } from '../../src/app.js';
import { minutes } from '../../src/clock.js';
import type { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { describeWithRedis, RedisServer } from '../support/redis.js';
import { overHttp } from '../support/transports.js';

/** Costs two points. */
const query = '{ viewer { id } }';
const budget = 100;
/** What a process may spend before it has told the others. */
const lead = budget / 10;

describeWithRedis('with REDIS_URL the budget of cost', () => {
  let redis: RedisServer;
  let harness: Harness;
  let person: Client;
  const apps: App[] = [];
  beforeAll(async () => {
    redis = await RedisServer.start();
    harness = await Harness.start();
    harness.clock.stop();
    person = await harness.person('spender');
    for (let n = 0; n < 2; n += 1)
      apps.push(await harness.another({ RATE_LIMIT_COST: `${budget}/1m`, REDIS_URL: redis.url }));
  });
  afterAll(async () => {
    await harness.close();
    await redis.stop();
  });
  /** Each test has a window of its own, in which Redis alone counts. */
  beforeEach(async () => {
    harness.clock.advance(minutes(1));
    for (const { services } of apps) {
      await eventually(() => services.redis?.isUp);
      Reflect.set(services.redis as object, 'takenUpAt', Number.NEGATIVE_INFINITY);
    }
  });

  const ask = async (n: number) => {
    const { url } = apps[n % apps.length] as App;
    return (await overHttp(url, { query, token: person.token })).codes;
  };
  /** Asks both processes in turn until both refuse. @returns how many points were spent */
  async function spend(): Promise<number> {
    let spent = 0;
    for (let [n, refused] = [0, 0]; refused < 2 * apps.length; n += 1) {
      const codes = await ask(n);
      expect(['', 'RATE_LIMITED']).toContain(String(codes));
      if (codes.length > 0) refused += 1;
      else [spent, refused] = [spent + 2, 0];
    }
    return spent;
  }
  const rows = async () => {
    const text = `select count(*)::int as count from rate_limits where key like 'cost:%' and points > 0 and points <= $1`;
    return (await harness.app.services.database.sql.row<{ count: number }>(text, [3 * budget]))?.count;
  };

  test('is one for all processes, in Redis alone', async () => {
    const before = await rows();
    const spent = await spend();
    expect(spent).toBeGreaterThanOrEqual(budget - 2);
    expect(spent).toBeLessThanOrEqual(budget + lead);
    expect(await rows()).toBe(before);
  });

  test('is one more at most when Redis is killed, however often', async () => {
    let spent = 0;
    for (let n = 0; n < 20; n += 1) if ((await ask(n)).length === 0) spent += 2;
    expect(spent).toBe(40);
    for (let round = 0; round < 3; round += 1) {
      await redis.kill();
      spent += await spend();
      await redis.resume();
      for (const { services } of apps) await eventually(() => services.redis?.isUp);
      spent += await spend();
    }
    expect(spent).toBeLessThanOrEqual(2 * (budget + lead));
  });

  test('is given back when a window has ended', async () => {
    expect(await spend()).toBeGreaterThanOrEqual(budget - 2);
    harness.clock.advance(minutes(1));
    expect(await spend()).toBeGreaterThanOrEqual(budget - 2);
  });
});
