import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { App } from '../../src/app.js';
import { seconds } from '../../src/clock.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { rowsOf } from '../support/postgres.js';
import { describeWithRedis, RedisServer } from '../support/redis.js';
import { holdUp, withoutSignals } from '../support/signals.js';

/** Jest's time limit, in milliseconds. */
const patience = seconds(120);

const isHeard = ({ services }: App) => services.signals.isListening && (services.redisBus?.isUp ?? true);
const at = (app: App, { token }: Client) => Object.assign(new Client(app.url), { token });
const code = async (client: Client) => (await client.ask('{ viewer { id } }')).codes[0];
const logout = 'mutation { logout { errors { code } } }';

describeWithRedis('signals with REDIS_URL', () => {
  let redis: RedisServer;
  let harness: Harness;
  let apps: App[];
  beforeAll(async () => {
    redis = await RedisServer.start();
    harness = await Harness.start({ REDIS_URL: redis.url });
    apps = [harness.app, await harness.another(), await harness.another()];
    await eventually(() => apps.every(isHeard));
  }, patience);
  afterAll(() => redis.stop());
  afterEach(async () => {
    redis.thaw();
    if (!(await redis.ask(['PING']).catch(() => ''))) await redis.resume();
    await eventually(() => apps.every(isHeard), seconds(30));
  });

  /** Somebody whom all processes remember. */
  async function known(among: readonly App[] = apps): Promise<Client> {
    const person = harness.client();
    await person.login('root.admin', password);
    for (const app of among)
      for (let round = 0; round < 2; round += 1) expect(await code(at(app, person))).toBeUndefined();
    return person;
  }

  /** Ends a session in the last process. @returns what the others answer at once */
  async function afterLogout(person: Client, among: readonly App[] = apps): Promise<unknown[]> {
    const ending = at(among.at(-1) as App, person);
    expect((await ending.ask(logout)).codes).toEqual([]);
    return Promise.all(among.map((app) => code(at(app, person))));
  }
  const refused = (among: readonly App[] = apps) => among.map(() => 'UNAUTHENTICATED');

  test('nobody listens for notifications, and triggers send none', async () => {
    const listener = new pg.Client(harness.databaseUrl);
    await listener.connect();
    const heard: unknown[] = [];
    listener.on('notification', ({ payload }) => heard.push(payload));
    await listener.query('listen gatehouse');
    expect(await afterLogout(await known())).toEqual(refused());
    const { rows } = await listener.query(
      `select application_name as name from pg_stat_activity where datname = current_database() and query ilike 'listen%' and pid <> pg_backend_pid()`,
    );
    await listener.end();
    expect([rows, heard]).toEqual([[], []]);
  });

  test('what is answered from memory needs no statement', async () => {
    const person = await known();
    const { sql } = harness.app.services.database;
    const before = sql.sent;
    expect(await code(at(harness.app, person))).toBeUndefined();
    expect(sql.sent).toBe(before);
  });

  test.each([
    ['is there', () => undefined],
    ['is killed', () => redis.kill()],
    ['is frozen', () => redis.freeze()],
    ['is emptied', () => redis.ask(['FLUSHALL'])],
    ['has cut off those who listen', () => redis.ask(['CLIENT', 'KILL', 'TYPE', 'pubsub'])],
    ['has cut off everybody', () => redis.ask(['CLIENT', 'KILL', 'TYPE', 'normal'])],
  ])('a session that has ended in one process is refused by all, while Redis %s', async (_, harm) => {
    for (let round = 0; round < 3; round += 1) {
      const person = await known();
      if (round === 0) await harm();
      expect(await afterLogout(person)).toEqual(refused());
    }
  });

  test('all others answer over Redis that they have heard of a change', async () => {
    const { echo, redisBus } = harness.app.services;
    const answers: string[] = [];
    redisBus?.onMessage((message) => message.includes('"echo"') && answers.push(message));
    await echo.heardEverywhere();
    await eventually(() => answers.length === apps.length - 1);
  });

  test('a process that is cut off from the database refuses the session as well', async () => {
    const person = await known();
    const restore = await withoutSignals(harness.app);
    expect(await afterLogout(person)).toEqual(refused());
    await restore();
  });

  test.each([
    ['over Redis', () => undefined],
    // What the database has sent is not yet heard: to count it as heard would be too early.
    ['without Redis', () => redis.kill()],
  ])('nor does one that hears late answer from memory, %s', async (_, harm) => {
    await harm();
    for (let round = 0; round < 3; round += 1) {
      const person = await known();
      const line = holdUp(harness.app);
      expect(await afterLogout(person)).toEqual(refused());
      line.resume();
      await eventually(() => harness.app.services.signals.isListening);
    }
  });

  test('a change in SQL is seen by all within a second, also without Redis', async () => {
    for (const harm of [async () => undefined, () => redis.kill()]) {
      const person = await known();
      await harm();
      await rowsOf(harness.databaseUrl, 'update sessions set ended_at = now() where id = $1', [person.sessionId]);
      for (const app of apps) await eventually(async () => (await code(at(app, person))) === 'UNAUTHENTICATED', 1000);
    }
  });

  test('messages of strangers are ignored, and old ones make nobody believe anything', async () => {
    const bus = harness.app.services.redisBus;
    const sent: string[] = [];
    bus?.onMessage((message) => sent.push(message));
    expect(await afterLogout(await known())).toEqual(refused());
    await eventually(() => sent.length > 0);
    const [message = ''] = sent;
    let forgotten = 0;
    const stop = harness.app.services.signals.on('reset', () => {
      forgotten += 1;
    });
    const channel = (await redis.ask(['PUBSUB', 'CHANNELS', '*:all'])).split('\n')[0] ?? '';
    for (const forged of ['', 'x', '{"signals":["reset:"]}', `${message.slice(0, 43)}{"signals":["reset:"]}`])
      expect(Number(await redis.ask(['PUBLISH', channel, forged]))).toBe(apps.length);
    await redis.ask(['PUBLISH', channel, message]);
    await eventually(() => sent.includes(message));
    stop();
    expect(forgotten).toBe(0);
    // Echoes of an earlier call answer no later one.
    redis.freeze();
    const person = await known();
    redis.thaw();
    expect(await afterLogout(person)).toEqual(refused());
  });

  describe('beside a process without it', () => {
    let plain: App;
    let mixed: App[];
    beforeAll(async () => {
      plain = await harness.another({ REDIS_URL: '' });
      mixed = [...apps, plain];
      await eventually(() => mixed.every(isHeard));
    }, patience);
    afterAll(() => plain.close());

    test.each([0, 3])('a session is refused by all, whoever ends it: %s', async (n) => {
      const order = [...mixed.filter((_, index) => index !== n), mixed[n] as App];
      for (let round = 0; round < 3; round += 1)
        expect(await afterLogout(await known(mixed), order)).toEqual(refused(order));
    });
  });

  test('after the tables were emptied, as by a crash, processes register again', async () => {
    const readers = () => rowsOf(harness.databaseUrl, `select from signal_readers where hears = 'outbox'`);
    await rowsOf(harness.databaseUrl, 'truncate signal_readers, signal_beats, signal_outbox');
    await eventually(async () => (await readers()).length === apps.length);
    await eventually(() => apps.every(isHeard));
    expect(await afterLogout(await known())).toEqual(refused());
  });

  test('a transaction that changed something before a process began, and commits later, is not missed', async () => {
    const lone = await Harness.start();
    const person = await lone.person('ada');
    const client = new pg.Client(lone.databaseUrl);
    await client.connect();
    await client.query('begin');
    await client.query('update sessions set ended_at = now() where id = $1', [person.sessionId]);
    const late = await lone.another({ REDIS_URL: redis.url });
    const there = at(late, person);
    for (let round = 0; round < 5; round += 1) expect(await code(there)).toBeUndefined();
    expect(late.services.signals.isListening).toBe(false);
    await client.query('commit');
    expect(await code(there)).toBe('UNAUTHENTICATED');
    await eventually(() => late.services.signals.isListening);
    expect(await code(there)).toBe('UNAUTHENTICATED');
    await client.end();
    await lone.close();
  });

  test('nor is one with a snapshot of before, whichever way a process hears', async () => {
    for (const [first, second] of [
      ['', redis.url],
      [redis.url, ''],
    ] as const) {
      const lone = await Harness.start({ REDIS_URL: first });
      const person = await lone.person('ada');
      const client = new pg.Client(lone.databaseUrl);
      await client.connect();
      await client.query('begin isolation level repeatable read');
      await client.query('select from users');
      const late = await lone.another({ REDIS_URL: second });
      await eventually(() => isHeard(late));
      const there = at(late, person);
      for (let round = 0; round < 3; round += 1) expect(await code(there)).toBeUndefined();
      // Not the session, whose last use may be written meanwhile.
      await client.query('update users set is_active = false where id = $1', [person.userId]);
      await client.query('commit');
      await eventually(async () => (await code(there)) === 'UNAUTHENTICATED', 1000);
      await client.end();
      await lone.close();
    }
  });

  test('a process that ends leaves nobody waiting', async () => {
    const passing = await harness.another();
    await eventually(() => isHeard(passing));
    await passing.close();
    const found = await rowsOf(harness.databaseUrl, `select from signal_readers where hears = 'outbox'`);
    expect(found).toHaveLength(apps.length);
  });
});
