import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import type { Client } from '../support/client.js';
import { writePost } from '../support/content.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { fresh, overHttp, transports } from '../support/transports.js';

// Another connection locks a table, so that statements wait for as long as the test needs.

let harness: Harness;
let admin: Client;
let postId: string;
let other: pg.Client;
beforeAll(async () => {
  harness = await Harness.start({ OPERATION_TIME_LIMIT: '3s' });
  admin = await harness.admin();
  postId = await writePost(admin, { published: true });
  other = new pg.Client({ connectionString: harness.databaseUrl });
  await other.connect();
  // The harness drops the database before this connection is closed.
  other.on('error', () => undefined);
});
afterEach(() => other.query('rollback'));
afterAll(async () => {
  await other.end();
  await harness.close();
});

async function lock(table: string): Promise<void> {
  await other.query('begin');
  await other.query(`lock table ${table} in access exclusive mode`);
}

/** Number of the service's connections that wait for a lock. */
async function waiting(): Promise<number> {
  const rows = await harness.app.services.database.sql.rows(
    `select 1 from pg_stat_activity where datname = current_database() and application_name like 'gatehouse%'
       and state = 'active' and wait_event_type = 'Lock'`,
  );
  return rows.length;
}

const nothingWaits = () => eventually(async () => (await waiting()) === 0);

test.each(transports)(
  'a query that takes too long is ended over %s, and its statements with it',
  async (_name, ask) => {
    await lock('comments');
    const query = fresh(
      `{ viewer { id } post(id: "${postId}") { title comments { totalCount nodes { id } } } posts { nodes { comments(first: 3) { nodes { id } } } } }`,
    );
    for (let round = 0; round < 3; round += 1) {
      const asked = ask(harness.app.url, { query, token: admin.token });
      await eventually(async () => (await waiting()) > 0);
      const answer = await asked;
      expect([answer.codes, answer.data]).toEqual([['OPERATION_TIMED_OUT'], null]);
      await nothingWaits();
    }
    await other.query('rollback');
    expect((await ask(harness.app.url, { query, token: admin.token })).codes).toEqual([]);
  },
);

test('a change that takes too long is ended and undone', async () => {
  await lock('posts');
  const { codes } = await admin.ask(
    'mutation { createPost(input: { title: "Too late", body: "A body" }) { post { id } errors { code } } }',
  );
  expect(codes).toEqual(['OPERATION_TIMED_OUT']);
  await nothingWaits();
  await other.query('rollback');
  const found = await other.query(`select 1 from posts where title = 'Too late'`);
  expect(found.rows).toEqual([]);
  expect(await writePost(admin)).toBeTruthy();
});

test('a change that was made is not told as failed because its answer takes too long', async () => {
  await lock('comments');
  const { codes, data, errors } = await admin.ask(
    'mutation { createPost(input: { title: "In time", body: "A body" }) { post { id comments { totalCount } } errors { code } } }',
  );
  expect(codes).toEqual(['OPERATION_TIMED_OUT']);
  expect(errors[0]?.path?.slice(0, 2)).toEqual(['createPost', 'post']);
  expect(data).toEqual({ createPost: { post: null, errors: [] } });
  await nothingWaits();
  const found = await other.query(`select 1 from posts where title = 'In time'`);
  expect(found.rows.length).toBe(1);
});

test('of a document of several changes the next is not begun', async () => {
  await lock('comments');
  const change = (alias: string) =>
    `${alias}: createPost(input: { title: "Change ${alias}", body: "A body" }) { post { id comments { totalCount } } }`;
  const { codes } = await admin.ask(`mutation { ${change('a')} ${change('b')} }`);
  expect(new Set(codes)).toEqual(new Set(['OPERATION_TIMED_OUT']));
  await nothingWaits();
  const found = await other.query(`select title from posts where title like 'Change %'`);
  expect(found.rows).toEqual([{ title: 'Change a' }]);
});

test('many operations that wait do not keep others waiting once they have been ended', async () => {
  await lock('comments');
  const query = fresh(`{ post(id: "${postId}") { comments { nodes { id } } } }`);
  const asked = Promise.all(Array.from({ length: 30 }, () => overHttp(harness.app.url, { query })));
  const codes = new Set((await asked).flatMap((answer) => answer.codes));
  expect([...codes]).toEqual(['OPERATION_TIMED_OUT']);
  await nothingWaits();
  expect((await admin.ask('{ users { totalCount } }')).codes).toEqual([]);
});

test('the answer to an event has the same limit, and the stream goes on', async () => {
  const following = admin.follow(
    'subscription { securityEvents(filter: { types: [USER_UPDATED] }) { type subject { username roles { id } } } }',
  );
  const happens = (subject: string | undefined) =>
    harness.app.services.database.sql.rows(
      `insert into security_event_outbox (id, type, occurred_at, subject_id, details)
       values (gen_random_uuid(), 'USER_UPDATED', now(), $1, '{}')`,
      [subject ?? null],
    );
  await eventually(async () => {
    await happens(undefined);
    return following.events.length > 0;
  });
  await lock('users');
  await happens(admin.userId);
  await eventually(() => following.codes.length > 0);
  expect(following.codes).toEqual(['OPERATION_TIMED_OUT']);
  await other.query('rollback');
  const before = following.events.length;
  await happens(undefined);
  await eventually(() => following.events.length > before);
  following.stop();
});

test('a guess at a password that is not made in time is given back', async () => {
  const person = await harness.person('patient');
  await lock('sessions');
  const attempts = Array.from({ length: 8 }, () =>
    harness.client().login('patient', 'a long enough passphrase').catch(String),
  );
  await Promise.all(attempts);
  await other.query('rollback');
  await eventually(async () => (await person.login('patient', 'a long enough passphrase'))['result'] ?? undefined);
});
