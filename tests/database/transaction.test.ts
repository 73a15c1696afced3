import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { pino } from 'pino';
import { Role } from '../../src/access/role.entity.js';
import { Database } from '../../src/database/database.js';
import type { Transaction } from '../../src/database/transaction.js';
import { entities } from '../../src/entities.js';
import { Harness } from '../support/harness.js';

const silent = pino({ level: 'silent' });
let harness: Harness;
let database: Database;
beforeAll(async () => {
  harness = await Harness.start();
  ({ database } = harness.app.services);
});
afterAll(() => harness.close());

const values = [new Date('2024-02-29T12:34:56.789Z'), ['a', "b'c"], Buffer.from([0, 255]), null, 'twice'] as const;
const text = `select $1::timestamptz as at, $2::text[] as list, $3::bytea as bytes, $4::text as nothing, $5::text as one, $5::text as other`;

test('a statement has the same values and the same rows inside a transaction and outside', async () => {
  const inside = await database.transaction((tx) => tx.rows(text, values));
  expect(inside).toEqual(await database.sql.rows(text, values));
  const [at, list, bytes, nothing, one] = values;
  expect(inside).toEqual([{ at, list, bytes, nothing, one, other: one }]);
});

test('entities and statements are written together or not at all', async () => {
  const at = new Date();
  const write = async (tx: Transaction, name: string) => {
    const facts = { level: 1, isSystem: false, createdAt: at, updatedAt: at };
    const role = tx.em.create(Role, { name, ...facts }, { persist: true });
    expect(await tx.rows('select 1 from roles where name = $1', [name])).toEqual([]);
    await tx.em.flush();
    await tx.rows(`update roles set description = 'written' where id = $1`, [role.id]);
  };
  const broken = database.transaction(async (tx) => {
    await write(tx, 'undone');
    throw new Error('undo');
  });
  await expect(broken).rejects.toThrow('undo');
  await database.transaction((tx) => write(tx, 'done'));
  const found = await database.sql.rows(`select name, description from roles where name in ('done', 'undone')`);
  expect(found).toEqual([{ name: 'done', description: 'written' }]);
});

test('entities are written without an AsyncLocalStorage, which slows every promise from then on', async () => {
  const run = jest.spyOn(AsyncLocalStorage.prototype, 'run');
  const at = new Date();
  const facts = { level: 1, isSystem: false, createdAt: at, updatedAt: at };
  await database.transaction(async (tx) => {
    tx.em.create(Role, { name: 'plain', ...facts }, { persist: true });
    await tx.em.flush();
    tx.em.create(Role, { name: 'plain too', ...facts }, { persist: true });
  });
  expect(run).not.toHaveBeenCalled();
  run.mockRestore();
  expect(await database.sql.rows(`select from roles where name in ('plain', 'plain too')`)).toHaveLength(2);
});

test('flushes of one transaction that are asked for together follow each other', async () => {
  const at = new Date();
  const facts = { level: 1, isSystem: false, createdAt: at, updatedAt: at };
  await database.transaction(async (tx) => {
    const flushes = ['first', 'second', 'third'].map((name) => {
      tx.em.create(Role, { name: `${name} of three`, ...facts }, { persist: true });
      return tx.em.flush();
    });
    await Promise.all(flushes);
  });
  expect(await database.sql.rows(`select from roles where name like '% of three'`)).toHaveLength(3);
});

test('a transaction that is over takes no statement', async () => {
  let committed: Transaction | undefined;
  let undone: Transaction | undefined;
  await database.transaction(async (tx) => {
    committed = tx;
  });
  await expect(
    database.transaction(async (tx) => {
      undone = tx;
      throw new Error('undo');
    }),
  ).rejects.toThrow('undo');
  for (const tx of [committed, undone]) await expect(tx?.rows('select 1')).rejects.toThrow('The transaction is over');
});

test('the error of a statement is the driver’s, and the transaction is rolled back', async () => {
  const name = 'not kept';
  const failing = database.transaction(async (tx) => {
    await tx.rows(
      `insert into roles (id, name, level, is_system, created_at, updated_at) values (gen_random_uuid(), $1, 1, false, now(), now())`,
      [name],
    );
    await tx.rows('select 1 / $1::int', [0]);
  });
  await expect(failing).rejects.toMatchObject({ code: '22012' });
  expect(await database.sql.rows('select 1 from roles where name = $1', [name])).toEqual([]);
});

test('a lock of its terms is held before the work begins, alone and as a part of another, and until the commit', async () => {
  const key = 7_041_999;
  const outside = new pg.Client({ connectionString: harness.databaseUrl });
  outside.on('error', () => undefined);
  await outside.connect();
  const isFree = async () =>
    (await outside.query<{ free: boolean }>('select pg_try_advisory_xact_lock($1) as free', [key])).rows[0]?.free;
  const terms = { first: `pg_advisory_xact_lock(${key})` };
  expect(await database.transaction(isFree, terms)).toBe(false);
  expect(await database.transaction((tx) => database.joining(tx).transaction(isFree, terms))).toBe(false);
  expect(await isFree()).toBe(true);
  await outside.end();
});

test('the commit of a transaction is told, unless its terms say otherwise', async () => {
  // Without a service, whose jobs commit, too.
  const own = await Database.open(harness.databaseUrl, 2, silent, entities);
  let told = 0;
  own.onCommit(() => {
    told += 1;
  });
  const work = (tx: Transaction) => tx.rows('select 1');
  await own.transaction(work, { isTold: false });
  expect(told).toBe(0);
  await own.transaction(work, { isTold: true });
  await own.transaction(work);
  expect(told).toBe(2);
  await own.close();
});
