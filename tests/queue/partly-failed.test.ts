import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { days, minutes, seconds } from '../../src/clock.js';
import { tasksOf } from '../../src/jobs.js';
import { Queue } from '../../src/queue/queue.js';
import { makeAccount } from '../support/accounts.js';
import type { Client } from '../support/client.js';
import { TestClock } from '../support/clock.js';
import { Harness } from '../support/harness.js';

let harness: Harness;
let admin: Client;
let time: TestClock;
let userId: string;
beforeEach(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
  ({ id: userId } = await makeAccount(harness));
  time = new TestClock();
  await harness.app.services.queue.close();
});
afterEach(() => harness.close());

const sql = () => harness.app.services.database.sql;
const ago = (milliseconds: number) => new Date(harness.clock.now().getTime() - milliseconds);
/** Runs a periodic task as the service does. */
const run = (name: string) => {
  const { services } = harness.app;
  const task = tasksOf(services).find((one) => one.name === name);
  if (!task) throw new Error(`There is no task ${name}`);
  return new Queue(services.database, { clock: harness.clock, time }, services.log).drain(task);
};
const jobOf = (name: string) =>
  sql().row<{ attempts: number; error: string; due: Date }>(
    'select attempts, last_error as error, due_at as due from jobs where task = $1',
    [name],
  );
/** From now on every such change of a row that meets the condition fails. @returns a function that mends it */
async function breakRows(table: string, change: string, condition: string): Promise<() => Promise<unknown>> {
  await sql().rows(`create function broken() returns trigger language plpgsql as $$ begin
    if ${condition} then raise exception 'broken'; end if;
    if tg_op = 'DELETE' then return old; end if; return new; end $$`);
  await sql().rows(`create trigger broken before ${change} on ${table} for each row execute function broken()`);
  return () => sql().rows('drop function broken() cascade');
}

/** Runs it five times, after the pauses of a failing job, and looks for it in the list of failed jobs. */
async function failedAfterFive(name: string): Promise<unknown[]> {
  for (let attempts = 1; attempts <= 5; attempts += 1) {
    expect(await run(name)).toEqual({ succeeded: 0, failed: 1 });
    const job = await jobOf(name);
    expect([job?.attempts, job?.error]).toEqual([attempts, expect.stringContaining('failed: ')]);
    expect(job?.due.getTime()).toBeLessThanOrEqual(time.now().getTime() + seconds(5) * 2 ** (attempts - 1));
    time.advance(minutes(5));
  }
  return failed();
}
const failed = async () => {
  const { data } = await admin.ask('{ failedJobs { nodes { task attempts } } }');
  return (data['failedJobs'] as { nodes: unknown[] }).nodes;
};

test('a sweep with a step that fails does all other steps, counts as failed, and is shown to administrators', async () => {
  const mend = await breakRows('attempts', 'delete', `old.key = 'bad'`);
  await sql().rows(`insert into attempts (key, count, expires_at) values ('bad', 1, $1)`, [ago(minutes(1))]);
  await sql().rows(
    `insert into rate_limits (key, points, expire)
     select n::text, 1, (extract(epoch from $1::timestamptz) * 1000)::bigint from generate_series(1, 2500) n`,
    [ago(minutes(1))],
  );
  expect(await failedAfterFive('sweep')).toEqual([{ task: 'sweep', attempts: 5 }]);
  expect(await sql().rows('select 1 from rate_limits where expire < 1000 * extract(epoch from now())')).toEqual([]);
  await mend();
  expect(await run('sweep')).toEqual({ succeeded: 1, failed: 0 });
  expect([await failed(), await sql().rows(`select 1 from attempts where key = 'bad'`)]).toEqual([[], []]);
});

const grants = {
  'grant-notices': { type: 'ROLE_EXPIRING', end: -days(1) },
  'grant-ends': { type: 'ROLE_EXPIRED', end: minutes(1) },
};
test.each(Object.entries(grants))(
  '%s with a grant that fails does the others and counts as failed',
  async (name, { type, end }) => {
    const mend = await breakRows(
      'security_event_outbox',
      'insert',
      `new.type = '${type}' and new.details ->> 'role' = 'Bad'`,
    );
    for (const role of ['Bad', 'Good']) {
      const made = await admin.mutate('createRole', { name: role, level: 5 }, 'role { id }');
      await sql().rows(
        `insert into role_grants (id, user_id, role_id, granted_at, expires_at) values (gen_random_uuid(), $1, $2, $3, $4)`,
        [userId, made['role']?.['id'], ago(days(30)), ago(end)],
      );
    }
    expect(await failedAfterFive(name)).toEqual([{ task: name, attempts: 5 }]);
    const told = () =>
      sql().rows(`select details ->> 'role' as role from every_event where type = $1 order by 1`, [type]);
    expect(await told()).toEqual([{ role: 'Good' }]);
    await mend();
    expect(await run(name)).toEqual({ succeeded: 1, failed: 0 });
    expect([await told(), await failed()]).toEqual([[{ role: 'Bad' }, { role: 'Good' }], []]);
  },
);

test('session-expiry with a session that fails ends the others and counts as failed', async () => {
  const [bad, good] = [await makeAccount(harness), await makeAccount(harness)];
  await sql().rows('update sessions set expires_at = $2, expiry_check_at = $2 where id = any($1::uuid[])', [
    [bad.sessionId, good.sessionId],
    ago(minutes(1)),
  ]);
  const mend = await breakRows('sessions', 'update', `new.id = '${bad.sessionId}'`);
  expect(await failedAfterFive('session-expiry')).toEqual([{ task: 'session-expiry', attempts: 5 }]);
  const open = () => sql().rows('select id from sessions where ended_at is null and expires_at < now()');
  expect(await open()).toEqual([{ id: bad.sessionId }]);
  await mend();
  expect(await run('session-expiry')).toEqual({ succeeded: 1, failed: 0 });
  expect([await open(), await failed()]).toEqual([[], []]);
});
