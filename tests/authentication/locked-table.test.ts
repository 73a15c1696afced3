import { afterEach, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import type { App } from '../../src/app.js';
import { minutes } from '../../src/clock.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';

let harness: Harness;
let app: App;
let locker: pg.Client;
beforeEach(async () => {
  harness = await Harness.start({ HASHING_QUEUE: '1000' });
  // Realistic settings with shorter times: a pool that is exhausted quickly, and short lock time-outs.
  app = await harness.another({ DATABASE_URL: `${harness.databaseUrl}?lock_timeout=700&statement_timeout=1400` });
  locker = new pg.Client({ connectionString: harness.databaseUrl });
  await locker.connect();
}, 90_000);
afterEach(async () => {
  await locker.end();
  await harness.close();
}, 90_000);

const people = Array.from({ length: 40 }, (_, n) => `person${n}`);
/** Accounts that share one password, so that it is hashed only once. */
const enrol = () =>
  locker.query(
    `insert into users (id, username, email, password_hash, is_active, is_verified, password_changed_at, created_at)
     select gen_random_uuid(), name, name || '@example.com', password_hash, true, true, now(), now()
     from users, unnest($1::text[]) as name where username = 'root.admin'`,
    [people],
  );
const signIn = async (name: string, tried = password) => {
  const query = `mutation { login(input: { identifier: "${name}", password: "${tried}" }) { errors { code } } }`;
  const { codes, data } = await new Client(app.url).ask(query);
  return codes[0] ?? data['login']?.['errors']?.[0]?.['code'] ?? 'in';
};
const taken = async () => {
  const { rows } = await locker.query(
    'select count(*)::int as places from attempts where count > 0 or locked_until is not null',
  );
  return rows[0].places;
};

test.each(['share', 'access exclusive'])(
  'people who know their password are shut out by no lock in %s mode: SERVICE_UNAVAILABLE while it lasts, then they are in',
  async (mode) => {
    await enrol();
    await locker.query(`begin; lock table users in ${mode} mode`);
    const said = new Set<string>();
    const end = Date.now() + 9000;
    const insist = async (name: string) => {
      // More attempts than the lockout allows wrong ones, continuing after the first statement has timed out.
      for (let tries = 0; tries < 7 || Date.now() < end; tries += 1) said.add(await signIn(name));
    };
    // Twelve people try continuously, which is as many as can run at once; the others try once.
    await Promise.all(people.map((name, n) => (n < 12 ? insist(name) : signIn(name).then((code) => said.add(code)))));
    expect([...said]).toEqual(['SERVICE_UNAVAILABLE']);
    await locker.query('rollback');
    for (const name of people) expect([name, await signIn(name)]).toEqual([name, 'in']);
    expect(await taken()).toBe(0);
  },
  120_000,
);

test('wrong passwords count during a lock, and five shut the account as ever', async () => {
  await enrol();
  await locker.query('begin; lock table users in share mode');
  const said = [];
  for (let n = 0; n < 6; n += 1) said.push(await signIn('person1', `wrong ${n}`));
  expect(said).toEqual(Array(6).fill('INVALID_CREDENTIALS'));
  await locker.query('rollback');
  expect(await signIn('person1')).toBe('INVALID_CREDENTIALS');
  expect(await signIn('person2')).toBe('in');
});

test('attempts of a killed process hold their places for a minute and are counted by nobody', async () => {
  const { rows } = await locker.query(`select id from users where username = 'root.admin'`);
  const pending = Object.fromEntries(
    Array.from({ length: 5 }, (_, n) => [`dead${n}`, harness.clock.now().getTime() + minutes(1)]),
  );
  await locker.query(`insert into attempts (key, user_id, count, pending, expires_at) values ($1, $2, 0, $3, $4)`, [
    `password:${rows[0].id}`,
    rows[0].id,
    pending,
    new Date(harness.clock.now().getTime() + minutes(1)),
  ]);
  expect(await signIn('root.admin')).toBe('SERVICE_UNAVAILABLE');
  expect(await signIn('root.admin', 'wrong')).toBe('SERVICE_UNAVAILABLE');
  harness.clock.advance(minutes(1));
  expect(await signIn('root.admin')).toBe('in');
  expect(await taken()).toBe(0);
});

test('what the database fails gives its place back as soon as it can', async () => {
  await locker.query('begin; lock table users in share mode');
  const codes = await Promise.all(Array.from({ length: 5 }, () => signIn('root.admin')));
  expect(new Set(codes)).toEqual(new Set(['SERVICE_UNAVAILABLE']));
  await locker.query('rollback');
  await eventually(async () => {
    const { rows } = await locker.query(`select 1 from attempts where pending <> '{}'`);
    return rows.length === 0;
  });
});

test('a right password stays right when the database fails to reset the count, and its place is released', async () => {
  const owner = await harness.admin();
  const asked = async (typed: string) =>
    (await owner.mutate('beginTwoFactorEnrollment', { currentPassword: typed }, 'secret'))['errors'];
  const counted = async () => (await locker.query('select count, pending from attempts')).rows;
  await locker.query(`
    create function fail() returns trigger language plpgsql as $$ begin raise exception 'no space left'; end $$;
    create trigger fail before delete on attempts execute function fail()`);
  expect(await asked('wrong')).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
  expect(await asked(password)).toEqual([]);
  await eventually(async () => Object.keys((await counted())[0].pending).length === 0);
  expect(await counted()).toEqual([{ count: 1, pending: {} }]);
  await locker.query('drop trigger fail on attempts');
  expect(await asked(password)).toEqual([]);
  expect(await counted()).toEqual([]);
});
