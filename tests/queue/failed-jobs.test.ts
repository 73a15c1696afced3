import { beforeAll, expect, test } from '@jest/globals';
import { minutes } from '../../src/clock.js';
import type { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { mailRequest } from '../support/mail-request.js';
import { give, makeRole } from '../support/roles.js';

let harness: Harness;
let admin: Client;
beforeAll(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
});

const secret = 's'.repeat(43);
const sql = () => harness.app.services.database.sql;
const register = (username: string) =>
  harness.client().mutate('register', { username, email: `${username}@example.com`, password }, 'email');
const refuse = (username: string) =>
  harness.mailbox.refused.set(`${username}@example.com`, {
    responseCode: 550,
    message: `no such mailbox https://x/?token=${secret} ${secret}`,
  });
const fields = 'id task attempts lastError createdAt failedAt expiresAt mail { recipient kind }';
const failedJobs = async (page = '') =>
  (await admin.ask(`{ failedJobs${page} { totalCount nodes { ${fields} } pageInfo { endCursor hasNextPage } } }`)).data[
    'failedJobs'
  ] as { totalCount: number; nodes: Record<string, unknown>[]; pageInfo: { endCursor: string; hasNextPage: boolean } };
const failedMailTo = (username: string) =>
  eventually(async () =>
    (await failedJobs()).nodes.find(
      ({ mail }) => (mail as { recipient: string } | null)?.recipient === `${username}@example.com`,
    ),
  );
const retry = (jobId: unknown) => admin.mutate('retryJob', { jobId: String(jobId) }, 'retriedJobId');

test('a mail that was refused for good is shown with its reason and no secret, and sent when it is run again', async () => {
  refuse('nobody');
  await register('nobody');
  const job = await failedMailTo('nobody');
  expect(job).toMatchObject({ task: 'mail', attempts: 1, mail: { kind: 'verification' } });
  expect(job['lastError']).toMatch(/^550 .*no such mailbox/);
  expect(JSON.stringify(job)).not.toContain('sss');
  harness.mailbox.refused.clear();
  expect(await retry(job['id'])).toEqual({ retriedJobId: job['id'], errors: [] });
  await harness.mailbox.mailTo('nobody@example.com');
  await eventually(async () => (await failedJobs()).totalCount === 0);
  expect(await retry(job['id'])).toMatchObject({ retriedJobId: null, errors: [{ code: 'NOT_FOUND' }] });
});

test.each(['', 'nonsense', '00000000-0000-4000-8000-000000000000'])('%j is no failed job', async (jobId) => {
  expect(await retry(jobId)).toEqual({
    retriedJobId: null,
    errors: [{ code: 'NOT_FOUND', field: ['input', 'jobId'] }],
  });
});

test('a job that waits cannot be run by retryJob', async () => {
  const row = await sql().row<{ id: string }>('select id from jobs where is_periodic limit 1');
  expect(await retry(row?.id)).toMatchObject({ errors: [{ code: 'NOT_FOUND' }] });
});

test('failed jobs are paged, the latest first', async () => {
  const ids = [1, 2, 3].map((n) => `00000000-0000-4000-8000-00000000000${n}`);
  for (const [n, id] of ids.entries())
    await sql().rows(
      `insert into jobs (id, task, payload, created_at, attempts, last_error, failed_at)
       values ($1, 'mail-request', $2, now(), 12, 'held', now() - interval '1 hour' * $3::int)`,
      [id, mailRequest({ purpose: 'reset-password', email: 'x@example.com', ipAddress: '::1' }), n],
    );
  const first = await failedJobs('(first: 2)');
  expect([first.nodes.map(({ id }) => id), first.totalCount, first.pageInfo.hasNextPage]).toEqual([
    ids.slice(0, 2),
    3,
    true,
  ]);
  const rest = await failedJobs(`(first: 2, after: "${first.pageInfo.endCursor}")`);
  expect(rest.nodes).toMatchObject([{ id: ids[2], task: 'mail-request', mail: null, lastError: 'held' }]);
  await sql().rows('delete from jobs where failed_at is not null');
});

test('a failed mail goes with the account of its recipient', async () => {
  const person = await harness.person('leaver');
  refuse('leaver');
  await harness.client().mutate('requestPasswordReset', { email: 'leaver@example.com' }, 'email');
  await failedMailTo('leaver');
  await admin.mutate('deleteUser', { userId: person.userId }, 'deletedUserId');
  expect((await failedJobs()).nodes).toEqual([]);
});

test('a mail whose link has run out is not sent, a notice always is', async () => {
  const person = await harness.person('late');
  refuse('late');
  await harness.client().mutate('requestPasswordReset', { email: 'late@example.com' }, 'email');
  const reset = await failedMailTo('late');
  const life = minutes(10);
  expect(Date.parse(String(reset['expiresAt']))).toBeLessThanOrEqual(harness.clock.now().getTime() + life);
  await admin.mutate('updateUser', { userId: person.userId, email: 'later@example.com' }, 'user { id }');
  const both = await eventually(async () => {
    const { nodes } = await failedJobs();
    return nodes.length === 2 ? nodes : undefined;
  });
  harness.mailbox.refused.clear();
  harness.clock.advance(life);
  expect(await retry(reset['id'])).toEqual({
    retriedJobId: null,
    errors: [{ code: 'JOB_EXPIRED', field: ['input', 'jobId'] }],
  });
  const notice = both.find(({ id }) => id !== reset['id']);
  expect(notice).toMatchObject({ expiresAt: null, mail: { kind: 'address-replaced' } });
  expect(await retry(notice?.['id'])).toEqual({ retriedJobId: notice?.['id'], errors: [] });
  await eventually(async () => (await failedJobs()).totalCount === 1);
  await sql().rows('delete from jobs where failed_at is not null');
});

test('only who may read every user sees to whom a mail failed', async () => {
  const readers = {
    none: ['job:read'],
    some: ['job:read', ['user:read', { username: 'somebody' }]],
    all: ['job:read', 'user:read'],
  } as const;
  harness.mailbox.refused.set('secret@example.com', { responseCode: 550, message: '<Secret@example.com>: no mailbox' });
  await register('secret');
  await failedMailTo('secret');
  for (const [name, permits] of Object.entries(readers)) {
    const reader = await harness.person(`reader.${name}`);
    await give(admin, reader, await makeRole(admin, { name: `Reader of ${name}`, level: 5, permits }));
    const { data, codes } = await reader.ask('{ failedJobs { nodes { lastError mail { recipient kind } } } }');
    const [job] = (data['failedJobs'] as unknown as { nodes: { lastError: string; mail: unknown }[] }).nodes;
    const isTold = name === 'all';
    expect([name, codes, job?.mail, job?.lastError.toLowerCase().includes('secret@')]).toEqual([
      name,
      [],
      { recipient: isTold ? 'secret@example.com' : null, kind: 'verification' },
      isTold,
    ]);
    expect(job?.lastError).toContain('no mailbox');
  }
  await sql().rows('delete from jobs where failed_at is not null');
});

test('a mail that cannot be decrypted is shown without a recipient', async () => {
  await sql().rows(
    `insert into jobs (id, task, payload, created_at, attempts, last_error, failed_at)
     values (gen_random_uuid(), 'mail', 'not sealed', now(), 40, 'unreadable', now())`,
  );
  expect((await failedJobs()).nodes).toMatchObject([{ task: 'mail', mail: null, lastError: 'unreadable' }]);
});
