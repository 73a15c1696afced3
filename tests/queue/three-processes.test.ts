import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { App } from '../../src/app.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';

let harness: Harness;
let apps: readonly App[];
beforeAll(async () => {
  harness = await Harness.start();
  apps = [harness.app, await harness.another(), await harness.another()];
}, 60_000);
afterAll(() => harness.close());

const sql = () => harness.app.services.database.sql;
/** The run has ended, and the next is minutes away. */
const isIdle = async () =>
  (await sql().rows(`select 1 from jobs where task = 'sweep' and claim_id is null and due_at > now()`)).length === 1;

test('each time a periodic job is due one of three services runs it, once', async () => {
  await eventually(isIdle);
  await sql().rows('create table runs (claim_id uuid)');
  await sql().rows(`create function count_run() returns trigger language plpgsql as $$ begin
    insert into runs values (new.claim_id); return new; end $$`);
  await sql().rows(`create trigger count_run before update on jobs for each row
    when (new.task = 'sweep' and new.attempts > old.attempts) execute function count_run()`);
  for (let due = 1; due <= 5; due += 1) {
    await sql().rows(`update jobs set due_at = now() - interval '1 minute' where task = 'sweep'`);
    for (const { services } of apps) services.queue.wake();
    await eventually(isIdle);
    expect(await sql().rows('select 1 from runs')).toHaveLength(due);
  }
});
