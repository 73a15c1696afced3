import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { App } from '../../src/app.js';
import { openSocket } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { describeWithRedis, RedisServer } from '../support/redis.js';
import { type Outcome, onSocket, overHttp } from '../support/transports.js';

const attempt = (identifier: string) => ({
  query: `mutation { login(input: { identifier: "${identifier}", password: "wrong" }) { errors { code } } }`,
});

/** How often each answer occurred. */
function tally(answers: readonly Outcome[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { codes } of answers) found[`${codes}`] = (found[`${codes}`] ?? 0) + 1;
  return found;
}

/** What the database counts, without costs: their windows last for a minute. */
const rows = async ({ services }: App) =>
  (
    await services.database.sql.rows<{ key: string; points: number }>(
      `select key, points from rate_limits where key not like 'cost:%'`,
    )
  ).map(({ key, points }) => [key, points]);

const settled = (app: App, milliseconds: number) =>
  eventually(() => (app.services.redis?.settledFor ?? 0) >= milliseconds);

describeWithRedis('with REDIS_URL', () => {
  let redis: RedisServer;
  let harness: Harness;
  beforeEach(async () => {
    redis = await RedisServer.start();
  });
  afterEach(async () => {
    await harness.close();
    await redis.stop();
  });

  test('twenty attempts at once, in two processes and over both transports, share one budget', async () => {
    harness = await Harness.start({ RATE_LIMIT_LOGIN: '7/10m', REDIS_URL: redis.url });
    const apps = [harness.app, await harness.another()];
    await Promise.all(apps.map((app) => settled(app, 1)));
    const sockets = apps.map(({ url }) => openSocket(url));
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => {
        const [app, socket] = [apps[n % 2] as App, sockets[n % 2] as (typeof sockets)[number]];
        return n % 4 < 2 ? overHttp(app.url, attempt(`user${n}`)) : onSocket(socket, attempt(`user${n}`));
      }),
    );
    expect(tally(answers)).toEqual({ '': 7, RATE_LIMITED: 13 });
    const retryAfter = answers.find(({ codes }) => codes.length > 0)?.errors[0]?.extensions['retryAfter'];
    expect(retryAfter).toBeGreaterThan(590);
    expect(retryAfter).toBeLessThanOrEqual(600);
  });

  test('the database counts no more once Redis was there for a window', async () => {
    harness = await Harness.start({ RATE_LIMIT_LOGIN: '3/1s', REDIS_URL: redis.url });
    await settled(harness.app, 1000);
    const before = await rows(harness.app);
    expect(tally(await Promise.all([1, 2, 3, 4].map((n) => overHttp(harness.app.url, attempt(`a${n}`)))))).toEqual({
      '': 3,
      RATE_LIMITED: 1,
    });
    expect(await rows(harness.app)).toEqual(before);
    await eventually(async () => (await overHttp(harness.app.url, attempt('later'))).codes.length === 0);
  });

  test('keys name neither people nor addresses, expire, and are those of one installation', async () => {
    const more = { REDIS_URL: redis.url, TRUSTED_PROXIES: '127.0.0.1' };
    harness = await Harness.start(more);
    const other = await Harness.start(more);
    for (const { app } of [harness, other]) {
      await settled(app, 1);
      await overHttp(app.url, attempt('somebody'), { 'x-forwarded-for': '198.51.100.7' });
    }
    const keys = await eventually(async () => {
      const found = await redis.keys();
      return found.filter((key) => key.includes(':cost:')).length >= 2 && found;
    });
    const counting = keys.filter((key) => !key.includes(':probe:'));
    expect(counting.map((key) => /^gatehouse:[\w-]{43}:(?:rate|cost):\{[\w:.-]+\}[\w:.-]*$/.test(key))).not.toContain(
      false,
    );
    expect(new Set(keys.map((key) => key.split(':')[1])).size).toBe(2);
    expect(keys.join(' ')).not.toMatch(/somebody|198\.51|127\.0/);
    for (const key of keys) expect(Number(await redis.ask(['PTTL', key]))).toBeGreaterThan(0);
    await other.close();
  });
});
