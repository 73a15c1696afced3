import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import type { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { overHttp } from '../support/transports.js';

// Values that are sent with statements; none may be told.
const [searched, address, wrong] = ['PlantedSearch', 'planted.address@example.com', 'planted wrong text'];

interface Row {
  readonly text: string;
  readonly pool: string;
  readonly calls: number;
  readonly total: number;
  readonly mean: number;
  readonly max: number;
  readonly errors: number;
}

let harness: Harness;
let admin: Client;
let outside: pg.Client;
beforeAll(async () => {
  harness = await Harness.start({ METRICS_PORT: '0' });
  admin = await harness.admin();
  outside = new pg.Client(harness.databaseUrl);
  // The database is dropped while it is open.
  outside.on('error', () => undefined);
  await outside.connect();
});
afterAll(async () => {
  await outside.end();
  await harness.close();
});

const told = async (): Promise<Row[]> => (await fetch(`${harness.app.metricsUrl}/statements`)).json() as Promise<Row[]>;
const slowOnes = () =>
  harness.logged
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ msg }) => msg === 'A slow statement');
const lineOf = (operation: string) => eventually(() => slowOnes().find((line) => line['operation'] === operation));

test('a read that waits for a lock is logged with its operation, its text and no value', async () => {
  const query = `query Slow { users(search: "${searched}", first: 5) { nodes { id } } }`;
  const ask = () => overHttp(harness.app.url, { query, token: admin.token });
  // The caller is remembered from then on.
  await ask();
  await outside.query('begin');
  await outside.query('lock table users in access exclusive mode');
  const answer = ask();
  await outside.query('select pg_sleep(1.2)');
  await outside.query('commit');
  expect((await answer).errors).toEqual([]);
  const line = await lineOf('Slow');
  expect(line).toMatchObject({ level: 40, pool: 'reads', requestId: expect.stringMatching(/^[\da-f-]{36}$/) });
  expect(line['duration']).toBeGreaterThan(1000);
  expect(line['statement']).toMatch(/\busers\b.*\$1/);
  expect(line['failed']).toBeUndefined();
});

test('a slow statement of MikroORM is told with placeholders', async () => {
  await outside.query(`create function slowly() returns trigger language plpgsql as
    $$ begin perform pg_sleep(1.1); return new; end $$`);
  await outside.query(`create trigger slowly before insert on jobs for each row
    when (new.task = 'mail-request') execute function slowly()`);
  const query = `mutation Ask { requestPasswordReset(input: { email: "${address}" }) { errors { code } } }`;
  await overHttp(harness.app.url, { query });
  const line = await lineOf('Ask');
  expect(line).toMatchObject({ level: 40, pool: 'transactions' });
  expect(line['statement']).toMatch(/^insert into "jobs" \(.*\) values \(\?(?:, \?)*\)/);
  const row = (await told()).find(({ text }) => text === line['statement']);
  expect(row).toMatchObject({ pool: 'transactions', calls: 1, errors: 0 });
  expect(Number(row?.max)).toBeGreaterThan(1000);
  await outside.query('drop trigger slowly on jobs');
});

test('the statements that took most come first, with their figures', async () => {
  const { database } = harness.app.services;
  const [text, fails] = ['select 1 as "counted", $1::text', 'select 1 / 0 as "failed", $1::text'];
  for (let n = 0; n < 3; n += 1) await database.sql.rows(text, [wrong]);
  for (let n = 0; n < 2; n += 1) await database.sql.rows(fails, [wrong]).catch(() => undefined);
  await database.transaction((tx) => tx.rows(fails, [wrong])).catch(() => undefined);
  const rows = await told();
  const of = (wanted: string) => rows.filter((row) => row.text === wanted);
  expect(of(text)).toMatchObject([{ pool: 'reads', calls: 3, errors: 0 }]);
  const failed = of(fails).map(({ pool, calls, errors }) => [pool, calls, errors]);
  expect(failed.sort()).toEqual([
    ['reads', 2, 2],
    ['transactions', 1, 1],
  ]);
  const totals = rows.map(({ total }) => total);
  expect(totals).toEqual([...totals].sort((one, other) => other - one));
  for (const { calls, total, mean, max } of rows) {
    expect(Math.abs(mean - total / calls)).toBeLessThan(0.01);
    expect(max).toBeLessThanOrEqual(total + 0.001);
  }
});

test('no value is told, neither of statements that wait in the same connection nor of those that fail', async () => {
  const taken = `mutation Take { register(input: { username: "root.admin", email: "${address}", password: "${wrong}" })
    { errors { code } } }`;
  await Promise.all([overHttp(harness.app.url, { query: taken }), overHttp(harness.app.url, { query: taken })]);
  const { database } = harness.app.services;
  await database.transaction((tx) =>
    Promise.all([tx.rows('select $1::text as a', [wrong]), tx.em.execute('select ? as b', [wrong])]),
  );
  const texts = (await told()).map(({ text }) => text);
  expect(texts).toEqual(expect.arrayContaining(['select $1::text as a']));
  for (const value of [searched, address, wrong])
    expect([texts.join('\n'), JSON.stringify(slowOnes())].join()).not.toContain(value);
});

test('only GET is answered', async () => {
  expect((await fetch(`${harness.app.metricsUrl}/statements`, { method: 'POST' })).status).toBe(405);
  expect((await fetch(`${harness.app.url}/statements`)).status).toBe(404);
});
