import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { App } from '../../src/app.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { Harness } from '../support/harness.js';
import { describeWithRedis, RedisServer } from '../support/redis.js';
import { overHttp } from '../support/transports.js';

const budget = 5;

describeWithRedis('when Redis', () => {
  let redis: RedisServer;
  let harness: Harness;
  let count = 0;
  beforeAll(async () => {
    redis = await RedisServer.start();
    const limits = { RATE_LIMIT_LOGIN: `${budget}/10m`, TRUSTED_PROXIES: '127.0.0.1' };
    harness = await Harness.start({ ...limits, REDIS_URL: redis.url });
  });
  afterAll(async () => {
    await harness.close();
    await redis.stop();
  });

  /** Attempts from an address of its own. @returns how many were let through; each was answered or refused for its number */
  const caller = () => {
    count += 1;
    const headers = { 'x-forwarded-for': `198.51.100.${count}` };
    return async (times: number, app = harness.app): Promise<number> => {
      let through = 0;
      for (let n = 0; n < times; n += 1) {
        const query = `mutation { login(input: { identifier: "a${n}", password: "wrong" }) { errors { code } } }`;
        const { codes } = await overHttp(app.url, { query }, headers);
        expect(['', 'RATE_LIMITED']).toContain(String(codes));
        if (codes.length === 0) through += 1;
      }
      return through;
    };
  };
  const isUp = (app: App) => app.services.redis?.isUp ?? false;
  /** As after a window without a loss: Redis alone counts. */
  const settle = async (app: App) => {
    await eventually(() => isUp(app));
    Reflect.set(app.services.redis as object, 'takenUpAt', Number.NEGATIVE_INFINITY);
  };
  const failuresOf = (app: App) => new Map(app.services.redis?.figures.failures);

  /** How it breaks, how it is mended, and the reason that is told. */
  const faults: readonly (readonly [string, () => unknown, () => unknown, RegExp])[] = [
    ['is killed', () => redis.kill(), () => redis.resume(), /CLOSED|ECONNRESET|ECONNREFUSED/],
    ['is frozen', () => redis.freeze(), () => redis.thaw(), /TIMEOUT/],
    [
      'becomes a replica',
      () => redis.ask(['REPLICAOF', '127.0.0.1', '1']),
      () => redis.ask(['REPLICAOF', 'NO', 'ONE']),
      /READONLY|CLOSED/,
    ],
    [
      'is full',
      () => redis.ask(['CONFIG', 'SET', 'maxmemory', '1']),
      () => redis.ask(['CONFIG', 'SET', 'maxmemory', '0']),
      /OOM/,
    ],
    [
      'takes away the right to run scripts',
      () => redis.ask(['ACL', 'SETUSER', 'default', '-evalsha', '-eval']),
      () => redis.ask(['ACL', 'SETUSER', 'default', '+@all']),
      /NOPERM/,
    ],
  ];

  test.each(faults)(
    '%s, the database lets one more budget through, and both no more',
    async (_name, brk, mend, why) => {
      const { app } = harness;
      await settle(app);
      const before = failuresOf(app);
      const attempt = caller();
      expect(await attempt(3)).toBe(3);
      await brk();
      const meanwhile = await attempt(budget + 2);
      expect(meanwhile).toBe(budget);
      const [reason] =
        [...failuresOf(app)].find(([name, times]) => times > (before.get(name) ?? 0) && why.test(name)) ?? [];
      expect(reason).toMatch(why);
      await mend();
      await eventually(() => isUp(app));
      expect(await attempt(2 * budget)).toBe(0);
      // Whoever comes anew has one budget, which both count.
      expect(await caller()(2 * budget)).toBe(budget);
    },
  );

  test('is lost again and again within a window, that lets one more budget through in all', async () => {
    const { app } = harness;
    await settle(app);
    const attempt = caller();
    let through = await attempt(3);
    for (let round = 0; round < 4; round += 1) {
      await redis.kill();
      through += await attempt(2);
      await redis.resume();
      await eventually(() => isUp(app));
      through += await attempt(2);
    }
    expect(through).toBe(3 + budget);
  });

  test('is emptied, that lets one more budget through', async () => {
    await settle(harness.app);
    const attempt = caller();
    expect(await attempt(3)).toBe(3);
    await redis.ask(['FLUSHALL']);
    expect(await attempt(2 * budget)).toBe(budget);
    expect(isUp(harness.app)).toBe(true);
  });

  test('is emptied shortly after it was taken up, the database knows the count', async () => {
    const attempt = caller();
    await redis.kill();
    await redis.resume();
    await eventually(() => isUp(harness.app));
    expect(await attempt(3)).toBe(3);
    await redis.ask(['FLUSHALL']);
    expect(await attempt(2 * budget)).toBe(budget - 3);
  });

  test('forgets its scripts, or ends connections that were idle, it counts on', async () => {
    await settle(harness.app);
    const attempt = caller();
    expect(await attempt(2)).toBe(2);
    await redis.ask(['SCRIPT', 'FLUSH']);
    expect(await attempt(1)).toBe(1);
    expect(isUp(harness.app)).toBe(true);
    await redis.ask(['CLIENT', 'KILL', 'TYPE', 'normal']);
    await eventually(() => isUp(harness.app) && (harness.app.services.redis?.settledFor ?? 0) < 60_000);
    expect(await attempt(2 * budget)).toBe(2);
  });

  test('is seen by one process alone, both together let two budgets through at most', async () => {
    const blind = await harness.another({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` });
    await settle(harness.app);
    const attempt = caller();
    let through = 0;
    for (let round = 0; round < 2 * budget + 2; round += 1) {
      through += await attempt(1);
      through += await attempt(1, blind);
    }
    expect(through).toBe(2 * budget);
    await blind.close();
  });

  test('is away at the start, the service starts, says so, and takes it up later', async () => {
    await redis.kill();
    const late = await harness.another();
    expect(await caller()(2 * budget, late)).toBe(budget);
    expect(harness.logged.join('')).toMatch(/REDIS_URL: Redis cannot be reached: nothing listens there/);
    await redis.resume();
    await eventually(() => isUp(late));
    await late.close();
  });
});
