import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { App } from '../../src/app.js';
import { seconds } from '../../src/clock.js';
import { cursorOf } from '../../src/security-events/event-rows.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { describeWithRedis, RedisServer } from '../support/redis.js';

/** Jest's time limit, in milliseconds. */
const patience = seconds(120);

describeWithRedis('events of processes with REDIS_URL', () => {
  let redis: RedisServer;
  let harness: Harness;
  let apps: App[];
  beforeAll(async () => {
    redis = await RedisServer.start();
    harness = await Harness.start({ REDIS_URL: redis.url });
    apps = [harness.app, await harness.another()];
    await eventually(() => apps.every(({ services }) => services.signals.isListening && services.redisBus?.isUp));
  }, patience);
  afterAll(() => redis.stop());

  test(
    'reach subscribers of all processes once and in order, while Redis comes and goes',
    async () => {
      const admin = await harness.admin();
      const query = 'subscription { securityEvents(filter: { types: [LOGIN_FAILED] }) { cursor details } }';
      const streams = apps.map(({ url }) => Object.assign(new Client(url), { token: admin.token }).follow(query));
      await eventually(() => apps.every(({ services }) => services.eventFeed.current));
      const sent: string[] = [];
      /** Each fails at another process than the one before, when that has been answered. */
      const fail = async (times: number) => {
        for (let n = 0; n < times; n += 1) {
          const name = `nobody${sent.length}`;
          await new Client((apps[sent.length % 2] as App).url).login(name, 'wrong');
          sent.push(name);
        }
      };
      const arrived = () => eventually(() => streams.every(({ events }) => events.length === sent.length), seconds(20));
      await fail(6);
      await arrived();
      await redis.kill();
      await fail(6);
      await arrived();
      await redis.resume();
      await fail(3);
      redis.freeze();
      await fail(3);
      redis.thaw();
      await eventually(() => apps.every(({ services }) => services.redisBus?.isUp), seconds(30));
      await fail(6);
      await arrived();
      const { sql } = harness.app.services.database;
      const rows = await sql.rows<{ sequence: string; id: string }>(
        `select sequence::text, id from security_events where type = 'LOGIN_FAILED' order by security_events.sequence`,
      );
      expect(rows).toHaveLength(sent.length);
      for (const { events } of streams)
        expect(events.map((event) => event['securityEvents']?.['cursor'])).toEqual(rows.map(cursorOf));
      for (const stream of streams) stream.stop();
    },
    patience,
  );
});
