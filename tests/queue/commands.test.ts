import { beforeAll, expect, test } from '@jest/globals';
import { run } from '../support/command.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';

let harness: Harness;
let env: Record<string, string>;
beforeAll(async () => {
  harness = await Harness.start();
  const { config } = harness.app.services;
  env = {
    DATABASE_URL: harness.databaseUrl,
    DATA_DIR: config.dataDir,
    APP_SECRET: 'a test secret that has at least 32 bytes',
    LOG_LEVEL: 'error',
  };
});

const sql = () => harness.app.services.database.sql;

test('jobs list has a line for each task', async () => {
  const { code, stdout } = await run(['jobs', 'list'], env);
  const names = stdout
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[0]);
  expect([code, names]).toEqual([
    0,
    [
      'mail',
      'mail-request',
      'session-expiry',
      'signing-keys',
      'grant-notices',
      'grant-ends',
      'event-verification',
      'event-counts',
      'event-retention',
      'sweep',
    ],
  ]);
  expect(stdout).toMatch(/^sweep +every 600 s +waiting 1 {2}running 0 {2}failed 0 {2}next \d{4}-/m);
});

test('jobs run does a periodic job before its time, and refuses an unknown name', async () => {
  await eventually(
    async () => (await sql().rows(`select 1 from jobs where task = 'sweep' and due_at > now()`)).length === 1,
  );
  await sql().rows(`insert into attempts (key, count, expires_at) values ('old', 1, now() - interval '1 day')`);
  expect(await run(['jobs', 'run', 'sweep'], env)).toMatchObject({ code: 0, stdout: 'sweep: 1 done, 0 failed.\n' });
  expect(await sql().rows(`select 1 from attempts where key = 'old'`)).toEqual([]);
  const unknown = await run(['jobs', 'run', 'sleep'], env);
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('sweep')]);
});

test('jobs failed shows who was to get which mail, and jobs retry sends it', async () => {
  const to = 'nobody@example.com';
  harness.mailbox.refused.set(to, { responseCode: 550, message: 'no such mailbox' });
  await harness.client().mutate('register', { username: 'nobody', email: to, password }, 'email');
  await eventually(async () => (await sql().rows('select 1 from jobs where failed_at is not null')).length === 1);
  const failed = await run(['jobs', 'failed'], env);
  const [line = ''] = failed.stdout.split('\n');
  expect([failed.code, line]).toEqual([0, expect.stringMatching(/ mail verification to nobody@example\.com .*550/)]);
  expect(failed.stdout).not.toContain('token');
  harness.mailbox.refused.clear();
  expect(await run(['jobs', 'retry', line.split(' ')[0] ?? ''], env)).toMatchObject({ code: 0 });
  await harness.mailbox.mailTo(to);
  expect(await run(['jobs', 'retry', 'nonsense'], env)).toMatchObject({ code: 1 });
});
