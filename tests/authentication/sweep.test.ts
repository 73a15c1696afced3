import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { sweep } from '../../src/authentication/sweep.js';
import { days, minutes } from '../../src/clock.js';
import { makeAccount } from '../support/accounts.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';

let harness: Harness;
let userId: string;
beforeAll(async () => {
  harness = await Harness.start();
  ({ id: userId } = await makeAccount(harness));
});

const sql = () => harness.app.services.database.sql;
const ago = (milliseconds: number) => new Date(harness.clock.now().getTime() - milliseconds);
const sweepAll = async () => {
  while (await sweep(harness.app.services));
};

/** A row of each kind that expired at `$2`. `$1` names the row, `$3` is the account. */
const kinds: Record<string, { readonly insert: string; readonly keptFor: number; readonly found: string }> = {
  'an ended session': {
    insert: `insert into sessions (id, user_id, user_agent, is_remembered, created_at, last_used_at, expires_at, ended_at, end_reason)
      values (gen_random_uuid(), $3, $1, false, $2, $2, $2, $2, 'LOGOUT')`,
    keptFor: days(90),
    found: 'select 1 from sessions where user_agent = $1',
  },
  'a refresh token': {
    insert: `insert into refresh_tokens (token_hash, session_id, created_at)
      select convert_to($1, 'UTF8'), id, $2 from sessions where user_id = $3 and ended_at is null limit 1`,
    keptFor: days(30),
    found: `select 1 from refresh_tokens where token_hash = convert_to($1, 'UTF8')`,
  },
  'a link that has run out': {
    insert: `insert into mailed_tokens (token_hash, purpose, user_id, email, created_at, expires_at)
      values (convert_to($1, 'UTF8'), 'verify-email', $3, 'x', $2, $2)`,
    keptFor: 0,
    found: `select 1 from mailed_tokens where token_hash = convert_to($1, 'UTF8')`,
  },
  'a used link': {
    insert: `insert into mailed_tokens (token_hash, purpose, user_id, email, created_at, expires_at, used_at)
      values (convert_to($1, 'UTF8'), 'undo-email-change', $3, 'x', $2, 'infinity', $2)`,
    keptFor: days(7),
    found: `select 1 from mailed_tokens where token_hash = convert_to($1, 'UTF8')`,
  },
  'a challenge': {
    insert: `insert into two_factor_challenges (token_hash, user_id, is_remembered, uses_cookie, created_at, expires_at)
      values (convert_to($1, 'UTF8'), $3, false, false, $2, $2)`,
    keptFor: 0,
    found: `select 1 from two_factor_challenges where token_hash = convert_to($1, 'UTF8')`,
  },
  'a count of attempts': {
    insert: `insert into attempts (key, user_id, count, expires_at) values ($1, $3, 1, $2)`,
    keptFor: 0,
    found: 'select 1 from attempts where key = $1',
  },
  'a job that has failed': {
    insert: `insert into jobs (id, task, last_error, created_at, attempts, failed_at)
      values (gen_random_uuid(), 'mail-request', $1, $2, length($3::text), $2)`,
    keptFor: days(30),
    found: 'select 1 from jobs where last_error = $1',
  },
  'a revoked API token': {
    insert: `insert into api_tokens (id, user_id, name, token_hash, scopes, created_at, revoked_at, expires_at)
      values (gen_random_uuid(), $3, $1, convert_to($1, 'UTF8'), '{}', $2, $2, 'infinity')`,
    keptFor: days(90),
    found: 'select 1 from api_tokens where name = $1',
  },
  'an API token that ran out': {
    insert: `insert into api_tokens (id, user_id, name, token_hash, scopes, created_at, expires_at)
      values (gen_random_uuid(), $3, $1, convert_to($1, 'UTF8'), '{}', $2, $2)`,
    keptFor: days(90),
    found: 'select 1 from api_tokens where name = $1',
  },
  // The rate limiter uses the host's clock, which the test's clock follows until it is moved.
  'a budget': {
    insert: `insert into rate_limits (key, points, expire)
      values ($1, 1, (extract(epoch from $2::timestamptz) * 1000 + 0 * length($3))::bigint)`,
    keptFor: 0,
    found: 'select 1 from rate_limits where key = $1',
  },
};

test.each(Object.entries(kinds))('%s goes when nothing needs it any more, and not before', async (kind, one) => {
  await sql().rows(one.insert, [`${kind} old`, ago(one.keptFor + minutes(1)), userId]);
  await sql().rows(one.insert, [`${kind} young`, ago(one.keptFor - minutes(1)), userId]);
  await sweepAll();
  expect(await sql().rows(one.found, [`${kind} old`])).toHaveLength(0);
  expect(await sql().rows(one.found, [`${kind} young`])).toHaveLength(1);
});

test('an enrolment that nobody has confirmed goes, one that counts stays', async () => {
  const [left, used] = [await makeAccount(harness), await makeAccount(harness)];
  const insert = `insert into two_factors (user_id, sealed_secret, created_at, confirmed_at) values ($1, 'x', $2, $3)`;
  await sql().rows(insert, [left.id, ago(days(1)), null]);
  await sql().rows(insert, [used.id, ago(days(1000)), ago(days(1000))]);
  await sweepAll();
  const ids = await sql().rows<{ id: string }>('select user_id as id from two_factors');
  expect(ids).toEqual([{ id: used.id }]);
});

test('what still counts stays, however old', async () => {
  const { id, tokenId, sessionId } = await makeAccount(harness);
  await sql().rows(`update api_tokens set created_at = $2 where id = $1`, [tokenId, ago(days(3000))]);
  await sql().rows(`update sessions set created_at = $2, last_used_at = $2 where id = $1`, [sessionId, ago(days(29))]);
  await sweepAll();
  expect(await sql().rows('select 1 from api_tokens where id = $1', [tokenId])).toHaveLength(1);
  expect(await sql().rows('select 1 from sessions where id = $1 and user_id = $2', [sessionId, id])).toHaveLength(1);
});

describe('many', () => {
  const fill = (count: number) =>
    sql().rows(
      `insert into attempts (key, count, expires_at) select 'many ' || n, 1, $2 from generate_series(1, $1::int) n`,
      [count, ago(minutes(1))],
    );
  const left = async () =>
    (await sql().row<{ count: number }>(`select count(*)::int as count from attempts where key like 'many %'`))?.count;

  test('go a thousand at a time', async () => {
    await fill(2500);
    const seen: unknown[] = [];
    for (let isMore = true; isMore; seen.push(await left())) isMore = await sweep(harness.app.services);
    expect(seen).toEqual([1500, 500, 0]);
  });

  test('go once when several sweep at a time, and nobody waits for a row that is held', async () => {
    await fill(5000);
    const held = await sql().pool.connect();
    await held.query('begin');
    await held.query(`select 1 from attempts where key = 'many 7' for update`);
    await Promise.all([1, 2, 3, 4].map(sweepAll));
    expect(await left()).toBe(1);
    await held.query('rollback');
    held.release();
    await sweepAll();
    expect(await left()).toBe(0);
    expect(harness.logged.filter((line) => line.includes('sweep'))).toEqual([]);
  });

  test('a session is deleted in silence, for it had ended before', async () => {
    const told: string[] = [];
    const stop = harness.app.services.signals.on('session', (id) => told.push(id));
    const insert = kinds['an ended session']?.insert ?? '';
    for (let n = 0; n < 20; n += 1) await sql().rows(insert, [`silent ${n}`, ago(days(91)), userId]);
    await sweepAll();
    const living = (await makeAccount(harness)).sessionId;
    await sql().rows('delete from sessions where id = $1', [living]);
    await eventually(() => told.includes(living));
    expect(told).toEqual([living]);
    stop();
  });
});

test('who comes back after all their sessions were swept is told of a new device', async () => {
  await harness.person('sailor');
  await sql().rows(
    `update sessions set ended_at = $1 where user_id = (select id from users where username = 'sailor')`,
    [ago(days(91))],
  );
  await sweepAll();
  await harness.client({ 'user-agent': 'Elsewhere/1' }).login('sailor', password);
  await eventually(() =>
    harness.mailbox.mails.find(({ to, subject }) => to === 'sailor@example.com' && /new device/.test(subject)),
  );
});

test('each step finds its rows by an index, in order', async () => {
  const client = await sql().pool.connect();
  await client.query('set enable_seqscan = off');
  await client.query('set enable_sort = off');
  const conditions = [
    ['two_factor_challenges', 'expires_at'],
    ['mailed_tokens', 'expires_at'],
    ['mailed_tokens', 'used_at'],
    ['attempts', 'expires_at'],
    ['jobs', 'failed_at'],
    ['refresh_tokens', 'created_at'],
    ['sessions', 'ended_at'],
    ['api_tokens', 'least(revoked_at, expires_at)'],
    ['two_factors', 'created_at', 'confirmed_at is null and'],
    ['rate_limits', 'expire', '', '1'],
  ];
  for (const [table, by, also = '', until = 'now()'] of conditions) {
    const text = `explain select ctid from ${table} where ${also} ${by} <= ${until} order by ${by} limit 1000 for update skip locked`;
    const plan = (await client.query(text)).rows.map((row) => row['QUERY PLAN']).join('\n');
    expect([table, by, plan]).toEqual([table, by, expect.stringMatching(/Index Scan using/)]);
    expect(plan).not.toContain('Sort');
  }
  await client.query('reset all');
  client.release();
});

test('tables whose rows come and go are vacuumed when a fiftieth of them is dead', async () => {
  const early = await sql().rows<{ name: string }>(
    `select relname as name from pg_class where 'autovacuum_vacuum_scale_factor=0.02' = any(reloptions)
       and 'autovacuum_analyze_scale_factor=0.02' = any(reloptions) order by 1`,
  );
  expect(early.map(({ name }) => name)).toEqual(['attempts', 'jobs', 'refresh_tokens', 'sessions', 'users']);
});

test('the documentation says of each table how it is bounded, and names no other', async () => {
  const page = await readFile('docs/operations.md', 'utf8');
  // Up to the next heading: other tables of the page tell of other things.
  const documented = (/\n## What is kept for how long\n(.*?)\n## /s.exec(page)?.[1] ?? '')
    .split('\n')
    .filter((line) => /^\| `[a-z_]+`.* \| .+ \|$/.test(line))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([a-z_]+)`/g)].map(([, name]) => String(name)));
  const tables = await sql().rows<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`,
  );
  const names = tables.map(({ name }) => name).filter((name) => !name.startsWith('mikro_orm_migrations'));
  expect(documented.sort()).toEqual(names.sort());
});
