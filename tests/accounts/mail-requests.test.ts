import { beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { minutes } from '../../src/clock.js';
import { asSystem } from '../../src/open-services.js';
import { retryJob } from '../../src/queue/failed-jobs.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { mailRequest } from '../support/mail-request.js';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
  for (const name of ['held', 'free', 'other']) await harness.person(name);
});

const sql = () => harness.app.services.database.sql;
const ask = (name: string) =>
  harness.client().mutate('requestPasswordReset', { email: `${name}@example.com` }, 'email');
const resetMails = (name: string) =>
  harness.mailbox.mails.filter(({ to, text }) => to === `${name}@example.com` && text.includes('/reset-password?'));
const logOf = (id: string) =>
  harness.logged.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line['job'] === id);

interface Request {
  id: string;
  attempts: number;
  failedAt: Date | null;
  claimedUntil: Date | null;
}
const requests = () =>
  sql().rows<Request>(
    `select id, attempts, failed_at as "failedAt", claimed_until as "claimedUntil" from jobs where task = 'mail-request' order by created_at`,
  );

test('a transaction that holds one account holds up nobody else', async () => {
  const holder = new pg.Client({ connectionString: harness.databaseUrl });
  await holder.connect();
  await holder.query('begin');
  await holder.query("select 1 from users where username = 'held' for update");
  for (let n = 0; n < 5; n += 1) await ask('held');
  await ask('free');
  await eventually(() => resetMails('free').length === 1);
  const waiting = await eventually(async () => {
    const rows = await requests();
    return rows.length === 5 && rows.every(({ attempts }) => attempts > 0) ? rows : undefined;
  });
  expect(resetMails('held')).toEqual([]);
  expect(waiting.every(({ failedAt }) => failedAt === null)).toBe(true);
  await holder.query('rollback');
  await holder.end();
  harness.clock.advance(minutes(1));
  await eventually(() => resetMails('held').length === 5);
  expect(await requests()).toEqual([]);
});

test('one that cannot be answered is given up after some tries, visible in the log, and others go on', async () => {
  await sql().rows(`create function poisoned() returns trigger language plpgsql as $$
    begin raise exception 'this account cannot be mailed'; end $$`);
  await sql().rows(`create trigger poisoned before insert on mailed_tokens for each row
    when (new.email = 'held@example.com') execute function poisoned()`);
  await ask('held');
  await sql().rows(
    `insert into jobs (id, task, payload, created_at, due_at)
     values (gen_random_uuid(), 'mail-request', $1, now() - interval '1 day', now() - interval '1 day')`,
    [mailRequest({ purpose: 'unheard-of', email: 'other@example.com', ipAddress: '::1' })],
  );
  await ask('free');
  await eventually(() => resetMails('free').length === 2);
  await eventually(async () => {
    harness.clock.advance(minutes(1));
    const rows = await requests();
    return rows.length === 2 && rows.every(({ failedAt }) => failedAt !== null);
  });
  for (const { id, attempts } of await requests()) {
    const lines = logOf(id);
    expect([attempts, lines.length, lines.filter(({ level }) => level === 50).length]).toEqual([12, 12, 1]);
  }
  await sql().rows('drop function poisoned() cascade');
  harness.clock.advance(minutes(10));
  const old = await sql().row<{ id: string }>(`select id from jobs where address = 'held@example.com'`);
  const again = retryJob(asSystem(harness.app.services), old?.id ?? '');
  await expect(again).rejects.toMatchObject({ errors: [{ code: 'JOB_EXPIRED' }] });
  expect(resetMails('held')).toHaveLength(5);
  await ask('other');
  await eventually(() => resetMails('other').length === 1);
  expect((await requests()).map(({ attempts }) => attempts)).toEqual([12, 12]);
});

test('a locked table is no fault of a request for long', async () => {
  const holder = new pg.Client({ connectionString: harness.databaseUrl });
  await holder.connect();
  await holder.query('begin');
  await holder.query('lock table mailed_tokens in access exclusive mode');
  await ask('free');
  const tried = await eventually(async () => (await requests()).find(({ attempts }) => attempts > 0 && attempts < 12));
  expect(tried.failedAt).toBeNull();
  await holder.query('rollback');
  await holder.end();
  harness.clock.advance(minutes(1));
  await eventually(() => resetMails('free').length === 3);
});
