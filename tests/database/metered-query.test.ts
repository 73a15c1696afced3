import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import { Sql } from '../../src/database/sql.js';
import { timedOut } from '../../src/errors.js';
import { Deadlines } from '../../src/operations/deadlines.js';
import { Garbage } from '../../src/operations/garbage.js';
import { Held } from '../../src/operations/held.js';
import { Meter } from '../../src/operations/meter.js';
import { eventually } from '../support/eventually.js';
import { cloneDatabase } from '../support/postgres.js';

const megabyte = 1024 ** 2;
/** Members that the driver's types lack. */
interface Busy {
  readonly _activeQuery?: { readonly _result: { readonly rows: readonly unknown[] } };
}

let database: { readonly url: string; drop(): Promise<void> };
let sql: Sql;
beforeAll(async () => {
  database = await cloneDatabase();
  sql = new Sql(database.url, 1, () => undefined);
});
afterAll(async () => {
  await sql.close();
  await database.drop();
});

function running(): Meter {
  const ceiling = { nodes: 1000, bytes: megabyte, read: 8 * megabyte, statements: 10, errors: 10 };
  const meter = new Meter(ceiling, new Held(16 * megabyte), new Deadlines(10_000));
  meter.start();
  return meter;
}

test('a new connection does not keep what is read on it first', async () => {
  const read = async () => new WeakRef(await sql.within(running()).rows('select 1 as number'));
  const rows = await read();
  await setImmediate();
  new Garbage().leave(16 * megabyte);
  await setImmediate();
  await setImmediate();
  expect(sql.pool.totalCount).toBe(1);
  expect(rows.deref()).toBeUndefined();
});

test('what was read for an operation that ends is dropped, although its statement goes on', async () => {
  const meter = running();
  let client: Busy = {};
  sql.pool.once('acquire', (acquired: pg.PoolClient) => {
    client = acquired as unknown as Busy;
  });
  const reading = sql.within(meter).rows(
    `select n, repeat('x', 1000) as text, pg_sleep(case when n = 1000 then 10 else 0 end)::text as slept
     from generate_series(1, 1000) n`,
  );
  const rows = () => client._activeQuery?._result.rows.length;
  await eventually(() => Number(rows()) > 900);
  meter.end(timedOut());
  expect(rows()).toBe(0);
  await expect(reading).rejects.toMatchObject({ code: 'OPERATION_TIMED_OUT' });
});
