import { beforeAll, expect, jest, test } from '@jest/globals';
import type { Client } from '../support/client.js';
import { run } from '../support/command.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { meteredContext } from '../support/metered.js';
import { rowsOf, withDatabase } from '../support/postgres.js';
import { Primary, StreamingReplica } from '../support/replica.js';

// Servers are made, and a service from an empty database.
jest.setTimeout(240_000);

let primary: Primary;
let standby: StreamingReplica;
let harness: Harness;
let admin: Client;
let urls: string[];

beforeAll(async () => {
  primary = await Primary.start();
  await rowsOf(primary.url, 'create database elsewhere');
  // It gives up a query as soon as one is in the way of what is replayed.
  const another = await StreamingReplica.of(await Primary.start());
  standby = await StreamingReplica.of(primary, { max_standby_streaming_delay: '0' });
  // Each server is named once, by its host and port.
  const ofElsewhere = withDatabase(standby.url, 'elsewhere').replace('127.0.0.1', 'localhost');
  urls = [standby.url, primary.url, another.url, ofElsewhere, 'postgres://nobody:nothing@127.0.0.1:1/nowhere'];
  harness = await Harness.start({ DATABASE_URL: primary.url, DATABASE_REPLICA_URLS: urls.join(',') });
  admin = await harness.admin();
});

const replicas = () => harness.app.services.replicas;
const first = () => replicas()?.all[0];
const reasons = () => replicas()?.all.map((replica) => replicas()?.reasonOf(replica));

test('what is no replica of this database is never used', async () => {
  await eventually(() => first()?.isUsed && !reasons()?.some((reason) => /just been found/.test(String(reason))));
  expect(reasons()).toEqual([
    undefined,
    expect.stringContaining('not a standby'),
    expect.stringContaining('not a replica of the server'),
    expect.stringContaining('another database'),
    expect.stringContaining('cannot be reached'),
  ]);
  await eventually(async () => {
    await admin.ask('{ users { totalCount } }');
    return Number(first()?.sql.sent) > 0;
  });
  expect(
    replicas()
      ?.all.slice(1)
      .map(({ sql }) => sql.sent),
  ).toEqual([0, 0, 0, 0]);
});

test('the doctor tells of each replica', async () => {
  const env = { DATABASE_URL: primary.url, DATABASE_REPLICA_URLS: urls.join(','), DATA_DIR: 'none' };
  const { stdout } = await run(['doctor', '--json'], {
    ...env,
    APP_SECRET: 'a test secret that has at least 32 bytes',
  });
  const found = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { check: string; state: string });
  const states = found.filter(({ check }) => check === 'replicas').map(({ state }) => state);
  expect(states).toEqual(['ok', 'warning', 'warning', 'warning', 'warning']);
});

test('a statement that the replica gives up because of what it replays is answered by the primary', async () => {
  await eventually(() => first()?.isUsed);
  const { database } = harness.app.services;
  const { meter } = meteredContext();
  meter.start();
  const route = replicas()?.routeFor(String(admin.userId), meter);
  await eventually(() => first()?.has(harness.app.services.replicas?.ownWrites.needs(String(admin.userId)) ?? 0n));
  const lists = database.sql.within(meter).through(route as NonNullable<typeof route>);
  const asked = lists.rows<{ isStandby: boolean }>(
    'select pg_is_in_recovery() as "isStandby" from pg_sleep(3) where (select count(*) from posts) >= 0',
  );
  const isRunning = () =>
    standby.ask(`select from pg_stat_activity where query like '%pg_sleep(3)%' and pid <> pg_backend_pid()`);
  await eventually(async () => (await isRunning()).length > 0);
  await rowsOf(primary.url, 'begin; lock table posts in access exclusive mode; commit');
  expect(await asked).toEqual([{ isStandby: false }]);
  expect(first()?.repeated).toBe(1);
  // It is not the replica's fault.
  expect(replicas()?.reasonOf(first() as never)).toBeUndefined();
  // The rest of the operation is read where this was read.
  expect(await lists.rows('select pg_is_in_recovery() as "isStandby"')).toEqual([{ isStandby: false }]);
  meter.stop();
});

test('a promoted replica is not used any more', async () => {
  await eventually(() => first()?.isUsed);
  await standby.promote();
  await eventually(() => !first()?.isUsed);
  expect(reasons()?.[0]).toContain('not a standby');
  const before = first()?.sql.sent;
  for (let n = 0; n < 10; n += 1) expect((await admin.ask('{ users { totalCount } }')).codes).toEqual([]);
  expect(first()?.sql.sent).toBe(before);
});
