import { beforeAll, expect, test } from '@jest/globals';
import { days, minutes } from '../../src/clock.js';
import { tasksOf } from '../../src/jobs.js';
import { makeAccount } from '../support/accounts.js';
import { Harness } from '../support/harness.js';

let harness: Harness;
let userId: string;
beforeAll(async () => {
  harness = await Harness.start();
  ({ id: userId } = await makeAccount(harness));
  await harness.app.services.queue.close();
});

const sql = () => harness.app.services.database.sql;
const inTime = (milliseconds: number) => new Date(harness.clock.now().getTime() + milliseconds);
const count = async (text: string) => (await sql().rows(text)).length;
const grants = async (end: Date) => {
  await sql().rows(
    `insert into role_grants (id, user_id, role_id, granted_at, expires_at)
     select gen_random_uuid(), $1, (select id from roles where name = 'user'), $2, $3 from generate_series(1, 250)`,
    [userId, inTime(-days(30)), end],
  );
};

/** More than one step of each periodic job that may take long, and how much of it is left. */
const work: Record<string, { readonly make: () => Promise<unknown>; readonly left: string }> = {
  'session-expiry': {
    make: () =>
      sql().rows(
        `insert into sessions (id, user_id, is_remembered, created_at, last_used_at, expires_at)
         select gen_random_uuid(), $1, false, $2, $2, $2 from generate_series(1, 1200)`,
        [userId, inTime(-days(1))],
      ),
    left: 'select 1 from sessions where ended_at is null and expires_at < now()',
  },
  'grant-notices': {
    make: () => grants(inTime(days(1))),
    left: `select 1 from role_grants where expires_at > now() and expiry_announced_at is null`,
  },
  'grant-ends': {
    make: () => grants(inTime(-minutes(1))),
    left: `select 1 from role_grants where expires_at <= now() and expiry_recorded_at is null`,
  },
  sweep: {
    make: () =>
      sql().rows(
        `insert into attempts (key, count, expires_at) select n::text, 1, $1 from generate_series(1, 1200) n`,
        [inTime(-minutes(1))],
      ),
    left: 'select 1 from attempts where expires_at < now()',
  },
};

test.each(Object.entries(work))('%s ends between two steps when the process stops', async (name, { make, left }) => {
  const { services } = harness.app;
  await make();
  const stop = new AbortController();
  if (name === 'sweep') stop.abort();
  // Any commit will do: of the job's first step, or of the sequencer before it.
  services.database.onCommit(() => stop.abort());
  const task = tasksOf(services).find((one) => one.name === name);
  const job = { id: '', claim: '', payload: null, attempts: 1 };
  await expect(task?.run(job, stop.signal)).rejects.toMatchObject({ name: 'AbortError' });
  expect(await count(left)).toBeGreaterThan(0);
  await task?.run(job, new AbortController().signal);
  await task?.run(job, new AbortController().signal);
  expect(await count(left)).toBe(0);
});
