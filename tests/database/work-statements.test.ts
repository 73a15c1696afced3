import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Work } from '../../src/operations/work.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.close());

const database = () => harness.app.services.database;
const work: Work = { span: undefined, place: undefined, describe: () => ({ job: 'a-test' }) };

test('a statement of a job whose connection breaks fails, and later ones have other connections', async () => {
  const { sql } = database().for(work);
  const sleeping = expect(sql.rows('select pg_sleep(30) as "long"')).rejects.toThrow();
  const running = `select 1 from pg_stat_activity where query like '%as "long"%' and pid <> pg_backend_pid()`;
  await eventually(async () => (await database().sql.rows(running)).length > 0);
  database().dropConnections();
  await sleeping;
  // All others were dropped as well, and the pool may lend one that it does not know of yet.
  const rows = await eventually(() => sql.rows('select 1 as one').catch(() => false as const));
  expect(rows).toEqual([{ one: 1 }]);
});

test('slow statements of a job are logged with its task, those of others on its connection are not', async () => {
  const slow = 'select pg_sleep(1.05)';
  const lines = () => harness.logged.filter((line) => line.includes(slow)).map((line) => JSON.parse(line)['job']);
  await database().for(work).sql.rows(slow);
  await database()
    .for(work)
    .transaction((tx) => tx.rows(slow));
  await Promise.all([database().sql.rows(slow), database().transaction((tx) => tx.rows(slow))]);
  expect(lines()).toEqual(['a-test', 'a-test', undefined, undefined]);
});
