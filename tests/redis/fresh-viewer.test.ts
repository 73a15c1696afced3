import { beforeAll, describe, test } from '@jest/globals';
import type { App } from '../../src/app.js';
import { seconds } from '../../src/clock.js';
import { eventually } from '../support/eventually.js';
import { expectFreshAnswers, type Harm, prepareFreshAnswers } from '../support/fresh-answers.js';
import { Harness } from '../support/harness.js';
import { describeWithRedis, RedisServer } from '../support/redis.js';

/** Jest's time limit, in milliseconds. */
const patience = seconds(180);

describeWithRedis('no process answers `viewer` from before an acknowledged change', () => {
  let redis: RedisServer;
  let harness: Harness;
  beforeAll(async () => {
    redis = await RedisServer.start();
  });

  const harms: Readonly<Record<string, Harm>> = {
    killed: async () => {
      await redis.kill();
      return () => redis.resume();
    },
    frozen: async () => {
      redis.freeze();
      return () => redis.thaw();
    },
    flushed: async () => {
      await redis.ask(['FLUSHALL']);
      return () => undefined;
    },
    deaf: async () => {
      await redis.ask(['CLIENT', 'KILL', 'TYPE', 'pubsub']);
      return () => undefined;
    },
  };

  describe.each([
    ['all processes', [true, true, true]],
    ['two of three processes', [true, false, true]],
  ])('with REDIS_URL in %s', (_, withRedis) => {
    beforeAll(async () => {
      const url = (has: boolean) => ({ REDIS_URL: has ? redis.url : '' });
      const [first = false, ...others] = withRedis;
      harness = await Harness.start(url(first));
      const apps: App[] = [harness.app];
      for (const has of others) apps.push(await harness.another(url(has)));
      await eventually(() => apps.every(({ services }) => services.redisBus?.isUp ?? true));
      await eventually(() => apps.every(({ services }) => services.signals.isListening));
      await prepareFreshAnswers(harness, apps);
    }, patience);

    test('while Redis and its connections come and go', () => expectFreshAnswers(harms), patience);
  });
});
