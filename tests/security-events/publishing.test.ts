import { beforeAll, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import type { App } from '../../src/app.js';
import { days, hours } from '../../src/clock.js';
import { advisoryLocks } from '../../src/database/advisory-locks.js';
import type { Transaction } from '../../src/database/transaction.js';
import { tasksOf } from '../../src/jobs.js';
import type { Task } from '../../src/queue/task.js';
import { verifyChain } from '../../src/security-events/chain/verify-chain.js';
import { allPublished, keepingFor, writeEvent } from '../support/events.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { rowsOf } from '../support/postgres.js';

let harness: Harness;
let outside: pg.Client;
beforeAll(async () => {
  harness = await Harness.start();
  outside = new pg.Client({ connectionString: harness.databaseUrl });
  // The harness drops the database first, and with it this connection.
  outside.on('error', () => undefined);
  await outside.connect();
});

const rows = async <Row extends object>(text: string, values: unknown[] = []) =>
  (await outside.query<Row>(text, values)).rows;
const write = (mark: unknown) => rows(writeEvent, [JSON.stringify({ mark })]);

const one = async (own: Harness) => {
  await own.app.services.database.sql.rows(writeEvent, ['{}']);
  await allPublished(own);
};

async function numbersFit(): Promise<void> {
  const numbers = await rows<{ n: number }>('select sequence::int as n from security_events order by sequence');
  expect(numbers.map(({ n }) => n)).toEqual(numbers.map((_, i) => Number(numbers[0]?.n) + i));
  expect((await verifyChain(harness.app.services)).fault).toBeNull();
}

/** Calls the function with each transaction that takes the lock under which events are published. */
function onPublishing({ services: { database } }: App, told: (tx: Transaction) => void): void {
  const original = database.transaction.bind(database);
  database.transaction = (work, terms) => {
    if (!terms?.first?.includes(String(advisoryLocks.publishing))) return original(work, terms);
    return original((tx) => {
      told(tx);
      return work(tx);
    }, terms);
  };
}

/** Which processes publish. */
function publishers(apps: readonly App[]): () => number[] {
  const counts = apps.map(() => 0);
  for (const [n, app] of apps.entries())
    onPublishing(app, () => {
      counts[n] = (counts[n] ?? 0) + 1;
    });
  return () => [...counts];
}

const leaders = `
  select pid from pg_locks where locktype = 'advisory' and granted and objid = ${advisoryLocks.sequencer}
    and database = (select oid from pg_database where datname = current_database())`;

/** Breaks the connection by which a process leads, and keeps it from leading. @returns a function that lets it again */
async function withoutLeading({ services: { database } }: App): Promise<() => void> {
  const asking = jest.spyOn(database.sql, 'row').mockImplementation(async function (
    this: typeof database.sql,
    text,
    ...more
  ) {
    if (text.includes('pg_try_advisory_xact_lock')) throw new Error('cut');
    return (await database.sql.rows<never>(text, ...more))[0];
  });
  await rowsOf(database.url, `select pg_terminate_backend(pid, 5000) from (${leaders}) holders`);
  return () => asking.mockRestore();
}

test('the process that leads keeps no snapshot, and does not hold up what waits for others', async () => {
  const text = `select backend_xmin, backend_xid, state from pg_stat_activity where pid in (${leaders})`;
  const [leader] = await eventually(async () => {
    const found = await rows(text);
    return found.length > 0 && found;
  });
  expect(leader).toEqual({ backend_xmin: null, backend_xid: null, state: 'idle in transaction' });
});

test('one process of three publishes; when it is gone another does, and no number is missing or doubled', async () => {
  const apps = [harness.app, await harness.another(), await harness.another()];
  const counts = publishers(apps);
  for (let mark = 0; mark < 20; mark += 1) {
    await write(mark);
    if (mark % 5 === 0) await allPublished(harness);
  }
  await allPublished(harness);
  const [leader, ...others] = counts()
    .map((count, n) => ({ count, n }))
    .filter(({ count }) => count > 0);
  expect([leader, others]).toEqual([{ count: expect.any(Number), n: expect.any(Number) }, []]);
  const before = counts();
  const restore = await withoutLeading(apps[leader?.n ?? 0] as App);
  for (let mark = 20; mark < 40; mark += 1) await write(mark);
  await allPublished(harness);
  await numbersFit();
  expect(counts().filter((count, n) => n !== leader?.n && count > (before[n] ?? 0))).toHaveLength(1);
  restore();
});

test('a batch takes two statements in its transaction', async () => {
  const own = await Harness.start();
  await one(own);
  const batches: { readonly mock: { readonly calls: unknown[] } }[] = [];
  onPublishing(own.app, (tx) => batches.push(jest.spyOn(tx, 'rows')));
  await one(own);
  expect(batches.map(({ mock }) => mock.calls.length)).toEqual([2]);
  await own.close();
});

test('a batch that is full is followed by the next, whatever waits', async () => {
  const own = await Harness.start();
  // What the start has recorded is published by then.
  await one(own);
  const batches: Transaction[] = [];
  onPublishing(own.app, (tx) => batches.push(tx));
  const { sql } = own.app.services.database;
  await sql.rows(`insert into security_event_outbox (id, type, occurred_at, details)
    select gen_random_uuid(), 'LOGIN_FAILED', now(), '{}' from generate_series(1, 2500)`);
  await allPublished(own);
  expect(batches).toHaveLength(3);
  expect((await verifyChain(own.app.services)).fault).toBeNull();
  await own.close();
});

test('when nobody can become the one that publishes, or it stands still, the others do', async () => {
  const own = await Harness.start();
  const blocker = new pg.Client({ connectionString: own.databaseUrl });
  await blocker.connect();
  const lock = [advisoryLocks.sequencer];
  // The process that leads loses its connection, and finds the lock taken when it is back.
  const restore = await withoutLeading(own.app);
  await eventually(async () => {
    const { rows: answer } = await blocker.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', lock);
    return answer[0]?.held;
  });
  restore();
  await blocker.query(writeEvent, ['{"mark":"stuck"}']);
  await allPublished(own);
  const { rows: held } = await blocker.query(
    `select from pg_locks where locktype = 'advisory' and objid = $1
     and database = (select oid from pg_database where datname = current_database())`,
    lock,
  );
  expect(held).toHaveLength(1);
  await blocker.end();
  await own.close();
});

test('an old snapshot does not make looking for events slower', async () => {
  const own = await Harness.start();
  const [backup, explaining] = [0, 1].map(() => new pg.Client({ connectionString: own.databaseUrl })) as [
    pg.Client,
    pg.Client,
  ];
  await Promise.all([backup.connect(), explaining.connect()]);
  await backup.query('begin isolation level repeatable read');
  await backup.query('select from users');
  for (let n = 0; n < 6; n += 1) {
    await explaining.query(`insert into security_event_outbox (id, type, occurred_at, details)
      select gen_random_uuid(), 'LOGIN_FAILED', now(), '{}' from generate_series(1, 1000)`);
    await allPublished(own);
  }
  const looks = jest.spyOn(own.app.services.database.sql, 'row');
  await explaining.query(writeEvent, ['{}']);
  await allPublished(own);
  const isLook = ([text]: readonly [string, ...unknown[]]) =>
    /security_event_outbox/.test(text) && /running/.test(text);
  const [text, values] = await eventually(() => looks.mock.calls.findLast(isLook));
  looks.mockRestore();
  // What was published is still in the outbox for the backup: reading all of it takes far more pages.
  expect(await pagesOf(explaining, String(text), ['0'])).toBeGreaterThan(30);
  expect(await pagesOf(explaining, String(text), [...(values ?? [])])).toBeLessThan(10);
  await Promise.all([backup.end(), explaining.end()]);
  await own.close();
});

/** Pages that a statement reads. */
async function pagesOf(client: pg.Client, text: string, values: unknown[]): Promise<number> {
  const {
    rows: [answer],
  } = await client.query<{ 'QUERY PLAN': { Plan: Record<string, number> }[] }>(
    `explain (analyze, buffers, format json) ${text}`,
    values,
  );
  const plan = answer?.['QUERY PLAN'][0]?.Plan ?? {};
  return Number(plan['Shared Hit Blocks']) + Number(plan['Shared Read Blocks']);
}

test('each month has a partition, and those that are over for long enough are dropped; the rest is still verified', async () => {
  const own = await Harness.start();
  const { sql } = own.app.services.database;
  const partitions = async () =>
    (
      await sql.rows<{ name: string }>(
        `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'security_events'::regclass order by name`,
      )
    ).map(({ name }) => name);
  for (let month = 0; month < 6; month += 1) {
    await sql.rows(writeEvent, [JSON.stringify({ month })]);
    await allPublished(own);
    own.clock.advance(days(31));
  }
  await sql.rows(writeEvent, ['{}']);
  await allPublished(own);
  const before = await partitions();
  expect(before.length).toBeGreaterThanOrEqual(6);
  const whole = await verifyChain(own.app.services);
  expect(whole).toMatchObject({ from: '1', fault: null });

  const services = keepingFor(own, days(90));
  const task = tasksOf(services).find(({ name }) => name === 'event-retention');
  // The service's own job, which keeps everything, may forget between two looks what the first has found.
  const dropped = await eventually(async () => {
    await services.queue.drain(task as Task);
    own.clock.advance(hours(1));
    await services.queue.drain(task as Task);
    return before.length - (await partitions()).length || undefined;
  });
  expect(dropped).toBeGreaterThanOrEqual(2);
  expect(await partitions()).toEqual(before.slice(dropped));
  const rest = await verifyChain(own.app.services);
  expect(rest).toMatchObject({ to: whole.to, fault: null });
  expect(rest.verified).toBeLessThan(whole.verified);
  expect(rest.verified).toBeGreaterThanOrEqual(3);

  // What is deleted beyond that is missing.
  await sql.rows('delete from security_events where sequence = $1', [String(rest.from)]);
  expect((await verifyChain(own.app.services)).fault).toEqual({ kind: 'MISSING', sequence: rest.from });
  await own.close();
});

test.each(['null', '"text"', '[1, "two"]', '7'])(
  'details that are %s keep no event from being published',
  async (details) => {
    const { sql } = harness.app.services.database;
    await sql.rows(writeEvent, [details]);
    await allPublished(harness);
    const [last] = await sql.rows<{ details: unknown }>(
      'select e.details from security_events e order by e.sequence desc limit 1',
    );
    expect(last?.details).toEqual(JSON.parse(details));
  },
);
