import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { unpackTar } from 'modern-tar';
import pg from 'pg';
import type { App } from '../../src/app.js';
import type { Header } from '../../src/backup/backup-format.js';
import { makeToken } from '../support/api-tokens.js';
import { Client } from '../support/client.js';
import { run } from '../support/command.js';
import { writePost } from '../support/content.js';
import { type EmptyDatabase, emptyDatabase } from '../support/empty-database.js';
import { allPublished, publish } from '../support/events.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { rowsOf } from '../support/postgres.js';
import { give, makeRole } from '../support/roles.js';
import { equip, nextCode } from '../support/second-factor.js';

let harness: Harness;
let folder: string;
let target: EmptyDatabase;
let file: string;
let header: Header;
let ada: Client;
let apiToken: string;
let equipped: Awaited<ReturnType<typeof equip>>;
let cursorOfLost: string;
let restored: Record<string, unknown>[];
/** What writers had finished before the backup began, and all that they began. */
const finished: string[] = [];

const envOf = (databaseUrl: string) => ({
  DATABASE_URL: databaseUrl,
  DATA_DIR: folder,
  APP_SECRET: 'a test secret that has at least 32 bytes',
  LOG_LEVEL: 'error',
});

const asked = [
  ...['read', 'update', 'delete'].map((action) => ({ resource: 'page', action, attributes: { locale: 'de' } })),
  ...['read', 'update'].map((action) => ({ resource: 'page', action, attributes: { locale: 'en' } })),
  ...['read', 'publish'].map((action) => ({ resource: 'post', action })),
];
const decisions = async (client: Client) =>
  (await client.ask('query ($checks: [AccessCheck!]!) { viewer { can(checks: $checks) } }', { checks: asked })).data[
    'viewer'
  ]?.['can'];

/** Texts that COPY, JSON, tar or a shell might change. */
const awkward = [
  '\\N',
  '\\.',
  '\\n\\t\\\\',
  'tab\tline\nreturn\r\nend\\',
  '<script>alert("&amp;")</script>',
  'Ünïcödé 🏳️‍🌈 \u202eright to left\u0001\u007f',
  `'; drop table users; --`,
  '',
  ' ',
  'x'.repeat(3_000_000),
];
const bytes = Buffer.from(Array.from({ length: 512 }, (_, n) => n % 256));
const large = { list: Array.from({ length: 20_000 }, (_, n) => ({ n, text: `"\\u0041" ${n} é\n`, nothing: null })) };

async function insertAwkward(url: string): Promise<void> {
  for (const [n, text] of awkward.entries())
    await rowsOf(
      url,
      `insert into posts (id, author_id, title, body, category, created_at, updated_at)
       select gen_random_uuid(), id, $1, $2, null, '2026-01-01T00:00:00.123456Z', 'infinity' from users where username = 'ada'`,
      [`awkward ${n}`, text],
    );
  await rowsOf(
    url,
    `insert into jobs (id, task, payload, created_at, failed_at, last_error) values (gen_random_uuid(), 'mail', $1, now(), now(), null)`,
    [bytes],
  );
  await rowsOf(
    url,
    `insert into security_event_outbox (id, type, occurred_at, details) values (gen_random_uuid(), 'LOGOUT', now(), $1)`,
    [JSON.stringify(large)],
  );
}

/** Writes pairs of rows into tables that are copied at different times, each pair in one transaction, until told to stop. */
function keepWriting(url: string): { stop(): Promise<void> } {
  let isOver = false;
  const writers = [0, 1].map(async (writer) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    for (let n = 0; !isOver; n += 1) {
      const key = `pair-${writer}-${n}`;
      await client.query('begin');
      await client.query(`insert into attempts (key, count, expires_at) values ($1, 1, now() + interval '1 day')`, [
        key,
      ]);
      await client.query(`insert into former_users (id, username, deleted_at) values (gen_random_uuid(), $1, now())`, [
        key,
      ]);
      await client.query('commit');
      finished.push(key);
    }
    await client.end();
  });
  return {
    stop: async () => {
      isOver = true;
      await Promise.all(writers);
    },
  };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-backup-'));
  harness = await Harness.start();
  target = await emptyDatabase();
  const admin = await harness.admin();
  ada = await harness.person('ada');
  equipped = await equip(harness, 'eve');
  const permits = ['page:read', ['page:update', { locale: 'de' }]] as const;
  await give(admin, ada, await makeRole(admin, { name: 'Schriftleitung Süd', level: 10, permits }));
  await writePost(ada, { title: 'Kept' });
  apiToken = (await makeToken(ada, ['profile:read'])).token;
  await insertAwkward(harness.databaseUrl);
  await publish(harness, 3);
  harness.mailbox.refused.set('late@example.com', { responseCode: 450, message: 'later' });
  await harness.client().mutate('register', { username: 'late', email: 'late@example.com', password }, 'email');
  await eventually(async () => {
    const waiting = `select from jobs where task = 'mail' and attempts > 0 and failed_at is null and claimed_until is null`;
    return (await rowsOf(harness.databaseUrl, waiting)).length === 1;
  });

  const writing = keepWriting(harness.databaseUrl);
  await eventually(() => finished.length > 20);
  const before = [...finished];
  file = join(folder, 'nightly.tar.gz');
  const taken = await run(['backup', file, '--json'], envOf(harness.databaseUrl));
  expect(taken).toMatchObject({ code: 0, stderr: '' });
  await writing.stop();
  finished.splice(0, finished.length, ...before);
  header = JSON.parse(new TextDecoder().decode((await unpackTar(gunzipSync(await readFile(file))))[0]?.data));

  await publish(harness, 2);
  const lost = await admin.ask('{ securityEvents(last: 1) { edges { cursor } } }');
  cursorOfLost = String(lost.data['securityEvents']?.['edges']?.[0]?.['cursor']);
  const { code, stdout, stderr } = await run(['restore', file, '--json'], envOf(target.url));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  restored = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}, 120_000);

let app: App | undefined;
/** The service on the restored database. */
async function onRestored(): Promise<App> {
  app ??= await harness.another({ DATABASE_URL: target.url, PUBLIC_URL: 'http://restored.example' });
  return app;
}

afterAll(async () => {
  await harness.close();
  await target.drop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

const same = async (text: string) => {
  const [before, after] = [await rowsOf(harness.databaseUrl, text), await rowsOf(target.url, text)];
  expect(before).not.toEqual([]);
  expect(after).toEqual(before);
};

test('every table is in a backup, but those whose rows mean nothing elsewhere', async () => {
  const tables = await rowsOf<{ name: string }>(
    harness.databaseUrl,
    `select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
     order by 1`,
  );
  const left = tables.map(({ name }) => name).filter((name) => !header.tables.some((table) => table.name === name));
  // The others are unlogged: a crash empties them, too.
  expect(left).toEqual(['mikro_orm_migrations', 'rate_limits', 'signal_beats', 'signal_outbox', 'signal_readers']);
  const columns = await rowsOf<{ name: string }>(
    harness.databaseUrl,
    `select table_name || '.' || column_name as name from information_schema.columns
     where table_schema = 'public' and table_name = any ($1) order by 1`,
    [header.tables.map(({ name }) => name)],
  );
  const inBackup = header.tables.flatMap(({ name, columns }) => columns.map((column) => `${name}.${column}`));
  expect(columns.map(({ name }) => name).filter((name) => !inBackup.includes(name))).toEqual([
    'security_event_outbox.written_by',
  ]);
});

test('what was acknowledged before the backup is in it, and no transaction by half', async () => {
  const keys = async (text: string) => (await rowsOf<{ key: string }>(target.url, text)).map(({ key }) => key);
  const first = await keys(`select key from attempts where key like 'pair-%' order by 1`);
  const second = await keys(`select username as key from former_users where username like 'pair-%' order by 1`);
  expect(first).toEqual(second);
  expect(finished.filter((key) => !first.includes(key))).toEqual([]);
});

test('texts, bytes, JSON, times and nothing come back as they were', async () => {
  await same(`select id, title, body, category, created_at::text, updated_at::text from posts order by id`);
  await same(`select payload, last_error from jobs where payload = '\\x${bytes.toString('hex')}'`);
  await same(`select details from security_events where details ? 'list'`);
  await same('select conditions, created_at::text from permissions order by id');
  const [post] = await rowsOf<{ body: string }>(target.url, `select body from posts where title = 'awkward 0'`);
  expect(post?.body).toBe(awkward[0]);
});

test('the history of accounts is that of the backup: triggers did not write another, and they are on again', async () => {
  await same('select serial::text, user_id, since::text, email from account_states order by serial');
  const off = await rowsOf(target.url, `select tgname from pg_trigger where not tgisinternal and tgenabled <> 'O'`);
  expect(off).toEqual([]);
  const [{ next } = { next: '' }] = await rowsOf<{ next: string }>(
    target.url,
    `select nextval('account_states_serial_seq')::text as next`,
  );
  const [{ most } = { most: '' }] = await rowsOf<{ most: string }>(
    target.url,
    'select max(serial)::text as most from account_states',
  );
  expect(BigInt(next)).toBeGreaterThan(BigInt(most));
});

test('every index is there again, and valid', async () => {
  // The indexes of searches need an extension, which a start makes.
  const indexes = `select c.relname as name, pg_get_indexdef(c.oid) as definition, i.indisvalid as valid
    from pg_index i join pg_class c on c.oid = i.indexrelid
    where c.relnamespace = 'public'::regnamespace and c.relname not like '%_search_index' order by 1`;
  await same(indexes);
});

test('sessions and links end, mails that waited are not sent, API tokens go on; an event tells', async () => {
  expect(restored[0]).toMatchObject({
    takenAt: header.takenAt,
    // Of the administrator, ada, and eve.
    sessionsEnded: 3,
    linksEnded: 1,
    mailsDropped: 1,
    apiTokens: 1,
    leftOut: [],
  });
  const { url, services } = await onRestored();
  const former = new Client(url);
  former.token = ada.token;
  expect((await former.ask('{ viewer { id } }')).codes).toEqual(['UNAUTHENTICATED']);
  const again = await former.mutate(
    'refreshSession',
    { refreshToken: ada.refreshToken },
    'authentication { accessToken }',
  );
  expect(again['errors']).toMatchObject([{ code: 'INVALID_TOKEN' }]);
  expect(await rowsOf(target.url, `select from sessions where ended_at is null`)).toEqual([]);
  const script = new Client(url, { authorization: `Bearer ${apiToken}` });
  expect((await script.ask('{ viewer { username } }')).data['viewer']).toEqual({ username: 'ada' });
  await eventually(async () => !(await services.database.sql.row('select from security_event_outbox')));
  const told = await rowsOf<{ type: string; n: string }>(
    target.url,
    `select type, count(*)::text as n from security_events
     where type = 'DATABASE_RESTORED' or details ->> 'reason' = 'RESTORED' group by 1 order by 1`,
  );
  expect(told).toEqual([
    { type: 'DATABASE_RESTORED', n: '1' },
    { type: 'SESSION_REVOKED', n: '3' },
  ]);
  expect(await rowsOf(target.url, `select from jobs where task = 'mail' and failed_at is null`)).toEqual([]);
  // A key that was revoked since would be among them.
  await same('select 1 as one from signing_keys');
  const keys = 'select id from signing_keys order by id';
  expect(await rowsOf(target.url, keys)).not.toEqual(await rowsOf(harness.databaseUrl, keys));
});

test('the same people sign in, also with a second factor, and may do the same', async () => {
  const { url } = await onRestored();
  const [here, there] = [harness.client(), new Client(url)];
  for (const client of [here, there]) expect((await client.login('ada', password))['errors']).toEqual([]);
  expect(await decisions(there)).toEqual(await decisions(here));
  expect(new Set(await decisions(there))).toEqual(new Set([true, false]));
  const eve = new Client(url);
  const challenge = await eve.mutate(
    'login',
    { identifier: 'eve', password },
    'result { ... on TwoFactorChallenge { challengeToken } }',
  );
  const entered = await eve.mutate(
    'completeTwoFactorLogin',
    {
      challengeToken: String(challenge['result']?.['challengeToken']),
      code: nextCode(harness, equipped.secret),
    },
    'authentication { accessToken }',
  );
  expect(entered['errors']).toEqual([]);
}, 60_000);

test('the record of events is intact and goes on; a stream that is ahead of it ends', async () => {
  expect(restored[1]).toMatchObject({ fault: null, verified: Number(header.eventHead?.sequence) });
  const { url, services } = await onRestored();
  await eventually(async () => !(await services.database.sql.row('select from security_event_outbox')));
  const verified = await run(['events', 'verify', '--json'], envOf(target.url));
  expect(verified).toMatchObject({ code: 0 });
  expect(JSON.parse(verified.stdout).verified).toBeGreaterThan(Number(header.eventHead?.sequence));
  const admin = new Client(url);
  await admin.login('root.admin', password);
  const ahead = admin.follow('subscription ($after: String) { securityEvents(after: $after) { id } }', {
    after: cursorOfLost,
  });
  await eventually(() => ahead.ended);
  expect(ahead.codes).toEqual(['CURSOR_EXPIRED']);
}, 60_000);

test('for a planned move sessions, keys and mails that waited go on', async () => {
  const elsewhere = await emptyDatabase();
  try {
    const { code, stdout } = await run(
      ['restore', file, '--keep-sessions', '--keep-mail', '--json'],
      envOf(elsewhere.url),
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({ sessionsEnded: 0, linksEnded: 0, mailsDropped: 0 });
    const keys = 'select id from signing_keys order by id';
    expect(await rowsOf(elsewhere.url, keys)).toEqual(await rowsOf(harness.databaseUrl, keys));
    harness.mailbox.refused.clear();
    await rowsOf(elsewhere.url, `update jobs set due_at = now() where task = 'mail' and failed_at is null`);
    const moved = await harness.another({ DATABASE_URL: elsewhere.url });
    const { refreshToken } = ada;
    const answer = await new Client(moved.url).mutate(
      'refreshSession',
      { refreshToken },
      'authentication { accessToken }',
    );
    expect(answer['errors']).toEqual([]);
    const waiting = `select from jobs where task = 'mail' and failed_at is null`;
    await eventually(async () => (await rowsOf(elsewhere.url, waiting)).length === 0);
    expect(harness.mailbox.mails.map(({ to }) => to)).toContain('late@example.com');
    await moved.close();
  } finally {
    await elsewhere.drop();
  }
}, 60_000);

test('a backup is a file for its owner alone, holds no secret, and is never overwritten', async () => {
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const text = gunzipSync(await readFile(file)).toString('latin1');
  expect(text).not.toContain('a test secret that has');
  expect(text).not.toContain(apiToken);
  const before = await readFile(file);
  expect(await run(['backup', file], envOf(harness.databaseUrl))).toMatchObject({ code: 1 });
  expect((await readFile(file)).equals(before)).toBe(true);
});

test('a database in use is refused and left alone', async () => {
  await onRestored();
  const running = await run(['restore', file], envOf(target.url));
  expect(running).toMatchObject({ code: 1, stderr: expect.stringContaining('a service runs') });
  await allPublished(harness);
  await app?.close();
  const inUse = await run(['restore', file], envOf(target.url));
  expect(inUse).toMatchObject({ code: 1, stderr: expect.stringContaining('in use') });
  expect(inUse.stderr).not.toContain('    at ');
  await same(`select id, username from users where username = 'ada'`);
});
