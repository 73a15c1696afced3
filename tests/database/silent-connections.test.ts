import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { App } from '../../src/app.js';
import { seconds } from '../../src/clock.js';
import { DatabaseSockets } from '../../src/database/database-sockets.js';
import { Client } from '../support/client.js';
import { DatabaseLine } from '../support/database-line.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { lineOf } from '../support/signals.js';

/** In milliseconds: twice the documented times, for a busy machine. */
const readyAnswers = 2 * seconds(2);
const requestAnswers = 2 * seconds(6);
const servesAgain = seconds(30);
/** Jest's time limit, in milliseconds. It must exceed the times that the test measures. */
const patience = seconds(120);

let harness: Harness;
let line: DatabaseLine;
let app: App;
let admin: Client;
beforeAll(async () => {
  harness = await Harness.start();
  line = await DatabaseLine.to(harness.databaseUrl);
  app = await harness.another({ DATABASE_URL: line.url });
  admin = new Client(app.url);
  await admin.login('root.admin', password);
});
afterAll(async () => {
  line.mend();
  await harness.close();
  await line.close();
});
afterEach(async () => {
  line.mend();
  await eventually(async () => app.services.signals.isListening && (await statusOf('ready')) === 200, servesAgain);
});

const statusOf = async (probe: 'live' | 'ready') => (await fetch(`${app.url}/health/${probe}`)).status;

async function timed<T>(work: Promise<T>): Promise<{ took: number; result: T }> {
  const begun = performance.now();
  const result = await work;
  return { took: performance.now() - begun, result };
}

const failures = (client: Client) => {
  const stream = client.follow('subscription { securityEvents(filter: { types: [LOGIN_FAILED] }) { cursor details } }');
  return { stream, count: () => stream.events.length };
};
const failToLogin = () => harness.client().login('nobody', 'wrong');
const following = () => app.services.signals.listenerCount('published') > 0;

/** A read by the pool for reads, one of the caller's own data, a write, and a sign-in without a known caller. */
const operations = [
  '{ users { totalCount } }',
  '{ viewer { username sessions { id } } }',
  'mutation { createRole(input: { name: "", level: 3 }) { errors { code } } }',
  `mutation { login(input: { identifier: "root.admin", password: "${password}" }) { errors { code } } }`,
];
const askAll = () => Promise.all(operations.map((query) => timed(admin.ask(query))));

/** Opens idle connections in both pools. */
const warmUp = async () => void (await Promise.all([askAll(), askAll(), askAll()]));

describe('connections that go silent while new ones work', () => {
  test(
    'it says so within seconds, serves again within 30 s over new connections, and streams go on without a loss',
    async () => {
      const { stream, count } = failures(admin);
      await eventually(following);
      await warmUp();
      const former = lineOf(app);
      line.silence();
      const begun = performance.now();
      const [ready, answers] = await Promise.all([timed(statusOf('ready')), askAll(), failToLogin(), failToLogin()]);
      expect(ready.result).toBe(503);
      expect(ready.took).toBeLessThan(readyAnswers);
      expect(answers.filter(({ took }) => took > requestAnswers)).toEqual([]);
      // Requests on a silent connection failed with a code; those after its end used a new connection.
      expect(answers.flatMap(({ result }) => result.codes).filter((code) => code !== 'SERVICE_UNAVAILABLE')).toEqual(
        [],
      );
      await eventually(async () => (await askAll()).every(({ result }) => result.codes.length === 0), servesAgain);
      expect(performance.now() - begun).toBeLessThan(servesAgain);
      expect([await statusOf('ready'), lineOf(app) === former]).toEqual([200, false]);
      await failToLogin();
      await eventually(() => count() === 3, servesAgain);
      expect([stream.codes, stream.ended]).toEqual([[], false]);
      stream.stop();
    },
    patience,
  );

  test(
    'what a transaction had locked that lost its connection is free again',
    async () => {
      const { database } = app.services;
      const locked = database.transaction(async (tx) => {
        await tx.rows('select 1 from users where id = $1 for update', [String(admin.userId)]);
        line.silence();
        await tx.rows('select 1');
      });
      await expect(locked).rejects.toThrow();
      const { took } = await timed(
        eventually(
          () =>
            admin
              .ask('mutation { updateProfile(input: { firstName: "Ada" }) { errors { code } } }')
              .then(({ codes }) => codes.length === 0),
          servesAgain,
        ),
      );
      expect(took).toBeLessThan(servesAgain);
    },
    patience,
  );
});

describe('a database that is silent to everybody', () => {
  test(
    'every answer comes within seconds and is coded, live all the while, and afterwards nothing is lost',
    async () => {
      const { stream, count } = failures(admin);
      await eventually(following);
      await warmUp();
      line.mute();
      for (let round = 0; round < 3; round += 1) {
        const [ready, live, answers] = await Promise.all([timed(statusOf('ready')), timed(statusOf('live')), askAll()]);
        expect([ready.result, live.result]).toEqual([503, 200]);
        expect(Math.max(ready.took, live.took)).toBeLessThan(readyAnswers);
        expect(answers.map(({ result }) => result.codes[0])).toEqual(operations.map(() => 'SERVICE_UNAVAILABLE'));
        expect(answers.filter(({ took }) => took > requestAnswers)).toEqual([]);
      }
      await failToLogin();
      line.mend();
      await eventually(async () => (await askAll()).every(({ result }) => result.codes.length === 0), servesAgain);
      await eventually(() => count() === 1, servesAgain);
      expect([stream.codes, stream.ended]).toEqual([[], false]);
      stream.stop();
    },
    patience,
  );

  test(
    'the service stops all the same',
    async () => {
      const other = await DatabaseLine.to(harness.databaseUrl);
      const leaving = await harness.another({ DATABASE_URL: other.url });
      other.mute();
      expect((await timed(leaving.close().catch(() => undefined))).took).toBeLessThan(seconds(20));
      await other.close();
    },
    patience,
  );
});

test('one silent connection among others that work is given up by itself', async () => {
  const { make } = new DatabaseSockets(seconds(1));
  const client = new pg.Client({ connectionString: line.url, stream: make });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('select 1');
  line.silence();
  await expect(client.query('select 1')).rejects.toThrow();
});

test('nothing failed unexpectedly', () => {
  expect(harness.logged.filter((entry) => entry.includes('"level":50'))).toEqual([]);
});
