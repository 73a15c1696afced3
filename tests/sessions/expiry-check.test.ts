import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from '@jest/globals';
import { days, hours, minutes } from '../../src/clock.js';
import { asSystem } from '../../src/open-services.js';
import { expireSessions } from '../../src/sessions/expire-sessions.js';
import { makeAccount } from '../support/accounts.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { PresentedTokens } from '../support/presented-tokens.js';

let harness: Harness;
let tokens: PresentedTokens;
let lasting: Client;
let shortened: Client;
beforeAll(async () => {
  harness = await Harness.start();
  tokens = new PresentedTokens(harness);
  [lasting, shortened] = [await harness.person('lasting'), await harness.person('shortened')];
  // The job would look at sessions between the steps of a test.
  await harness.app.services.queue.close();
});

const rows = <Row>(text: string, values: (string | Date | number)[] = []) =>
  harness.app.services.database.sql.rows<Row>(text, values);
const run = () => expireSessions(asSystem(harness.app.services));
const refresh = async (token: unknown, client: Client = harness.client()) => {
  const fields = 'authentication { refreshToken } errors { code }';
  return (await client.mutate('refreshSession', { refreshToken: token }, fields))['authentication']?.['refreshToken'];
};
const instantsOf = async (id: unknown) =>
  (
    await rows<{ check: Date; expiry: Date; ended: Date | null }>(
      'select expiry_check_at as check, expires_at as expiry, ended_at as ended from sessions where id = $1',
      [String(id)],
    )
  )[0];

test('a session is looked at when it would have expired, and then when it will', async () => {
  const person = lasting;
  const opened = await instantsOf(person.sessionId);
  expect(opened?.check).toEqual(opened?.expiry);
  harness.clock.advance(hours(5));
  const next = await refresh(person.refreshToken);
  const prolonged = await instantsOf(person.sessionId);
  expect(prolonged?.check).toEqual(opened?.check);
  expect(Number(prolonged?.expiry)).toBeGreaterThan(Number(opened?.expiry) + hours(4));
  await run();
  expect(await instantsOf(person.sessionId)).toEqual(prolonged);
  harness.clock.advance(hours(2) + minutes(1));
  await run();
  expect(await instantsOf(person.sessionId)).toMatchObject({ check: prolonged?.expiry, ended: null });
  expect(await refresh(next)).toBeDefined();
  harness.clock.advance(hours(7) + minutes(1));
  await run();
  await run();
  expect((await instantsOf(person.sessionId))?.ended).not.toBeNull();
  expect(await tokens.endOf(String(person.sessionId))).toBe('EXPIRED');
});

test('lifetimes that have become shorter bring the look forward', async () => {
  const person = shortened;
  await person.login('shortened', password);
  const stricter = await harness.another({ ACCESS_TOKEN_LIFETIME: '10m' });
  await refresh(person.refreshToken, new Client(stricter.url));
  const { check, expiry } = (await instantsOf(person.sessionId)) ?? {};
  expect(check).toEqual(expiry);
  harness.clock.advance(minutes(71));
  await run();
  expect(await tokens.endOf(String(person.sessionId))).toBe('EXPIRED');
  await stricter.close();
});

test('sessions of before the upgrade are looked at once, in steps, and those that are open stay so', async () => {
  const { id } = await makeAccount(harness);
  const now = harness.clock.now();
  await rows(
    `insert into sessions (id, user_id, is_remembered, created_at, last_used_at, expires_at)
     select gen_random_uuid(), $1, false, $2, $2, $2::timestamptz + case when n % 3 = 0 then '-1 minute' else '1 day' end::interval
     from generate_series(1, 1200) n`,
    [id, now],
  );
  await run();
  const found = await rows<{ count: number }>(
    `select end_reason as end, count(*)::int, bool_and(ended_at is not null or expiry_check_at = expires_at) as put_off
     from sessions where user_id = $1 and created_at = $2 group by 1 order by 1`,
    [id, now],
  );
  expect(found.filter(({ count }) => count > 1)).toEqual([
    { end: 'EXPIRED', count: 400, put_off: true },
    expect.objectContaining({ end: null, put_off: true }),
  ]);
});

test('no column that a refresh changes is in an index of sessions, so it writes into none', async () => {
  const indexed = await rows<{ name: string }>(
    `select distinct a.attname as name from pg_index i join pg_attribute a on a.attrelid = i.indrelid
     where i.indrelid = 'sessions'::regclass and (a.attnum = any(i.indkey) or pg_get_indexdef(i.indexrelid) ~ format('\\m%s\\M', a.attname))
     order by 1`,
  );
  expect(indexed.map(({ name }) => name)).toEqual([
    'created_at',
    'ended_at',
    'expiry_check_at',
    'id',
    'ip_address',
    'user_id',
  ]);
  const updates = async () =>
    (
      await rows<{ all: number; hot: number }>(
        `select n_tup_upd::int as all, n_tup_hot_upd::int as hot from pg_stat_user_tables where relname = 'sessions'`,
      )
    )[0] ?? { all: 0, hot: 0 };
  const before = await updates();
  let { token } = await tokens.open();
  for (let n = 0; n < 300; n += 1) token = await tokens.present(token);
  // Connections tell their figures when they have been idle for a while, at the latest every minute.
  const after = await eventually(async () => {
    const now = await updates();
    return now.all - before.all >= 300 ? now : undefined;
  }, 90_000);
  expect((after.hot - before.hot) / (after.all - before.all)).toBeGreaterThan(0.9);
}, 120_000);

test('the job finds its sessions by an index, in order', async () => {
  const client = await harness.app.services.database.sql.pool.connect();
  await client.query('set enable_seqscan = off');
  await client.query('set enable_sort = off');
  const text = `explain select id from sessions where ended_at is null and expiry_check_at <= now() order by expiry_check_at limit 500 for no key update skip locked`;
  const plan = (await client.query(text)).rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).toContain('sessions_expiry_check');
  expect(plan).not.toContain('Sort');
  await client.query('reset all');
  client.release();
});

test('an open session that nobody refreshes any more is ended on time, however often it was before', async () => {
  const { sessionId, token } = await tokens.open();
  let next = token;
  for (let n = 0; n < 5; n += 1) {
    harness.clock.advance(hours(3));
    next = await tokens.present(next);
    await run();
  }
  expect(await tokens.endOf(sessionId)).toBeNull();
  expect(await tokens.present(randomUUID())).toBe('INVALID_TOKEN');
  harness.clock.advance(days(1));
  await run();
  await run();
  expect(await tokens.endOf(sessionId)).toBe('EXPIRED');
});
