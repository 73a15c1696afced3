import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { pino } from 'pino';
import type { Question, StrengthEstimates } from '../src/authentication/passwords/strength-estimates.js';
import { days } from '../src/clock.js';
import { ConfigError, loadConfig } from '../src/config.js';
import { type DemoState, stateOf } from '../src/demo/demo-database.js';
import { demoEnvironment } from '../src/demo/demo-environment.js';
import { readDemoPeople } from '../src/demo/demo-people.js';
import { ensureDemo } from '../src/demo/ensure-demo.js';
import { introduction } from '../src/demo/introduction.js';
import type { DemoPerson } from '../src/services.js';
import type { Client } from './support/client.js';
import { allPublished } from './support/events.js';
import { estimates, Harness, password } from './support/harness.js';
import { administer, cloneDatabase, serverOf, withDatabase } from './support/postgres.js';
import { codeOf } from './support/second-factor.js';

const log = pino({ level: 'silent' });
const name = `demo_${randomUUID().replaceAll('-', '')}`;
const { adminUrl } = serverOf();
const url = withDatabase(adminUrl, name);
const config = loadConfig({ APP_SECRET: 'a test secret that has at least 32 bytes' });
const patience = 240_000;

let harness: Harness;
let people: readonly DemoPerson[];
let afterInterruption: DemoState;
beforeAll(async () => {
  await administer(adminUrl, `create database ${name}`);
  await interruptedStart();
  afterInterruption = await stateOf(url);
  await ensureDemo(url, config, { log, estimates });
  harness = await Harness.start({ DATABASE_URL: url });
  await allPublished(harness);
  people = await readDemoPeople(harness.app.services);
}, patience);
afterAll(async () => {
  await harness.close();
  await administer(adminUrl, `drop database ${name} with (force)`);
});

/** A start that is stopped when it makes its fourth account. */
async function interruptedStart(): Promise<void> {
  const stop = new AbortController();
  let accounts = 0;
  const counted: StrengthEstimates = Object.assign(Object.create(estimates), {
    estimate: (question: Question) => {
      accounts += 1;
      if (accounts === 4) stop.abort(new Error('enough'));
      return estimates.estimate(question);
    },
  });
  await expect(ensureDemo(url, config, { log, signal: stop.signal, estimates: counted })).rejects.toThrow('enough');
  expect(await accountsIn(`${url}_unfinished_demo`)).toBe(4);
}

async function accountsIn(connectionString: string): Promise<number | null> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rowCount } = await client.query('select 1 from users').finally(() => client.end());
  return rowCount;
}

const sql = () => harness.app.services.database.sql;
const count = async (source: string): Promise<number> =>
  (await sql().row<{ count: number }>(`select count(*)::int as count from ${source}`))?.count ?? 0;

function named(username: string): DemoPerson {
  const found = people.find((person) => person.username === username);
  if (!found) throw new Error(`${username} is missing`);
  return found;
}

async function signedIn(username: string): Promise<Client> {
  const client = harness.client();
  await client.login(username, named(username).password);
  return client;
}

const idOf = async (username: string): Promise<string> =>
  (await sql().row<{ id: string }>('select id from users where username = $1', [username]))?.id ?? '';

test('an interrupted start leaves nothing, and the next one makes the whole', async () => {
  expect(afterInterruption).toBe('empty');
  expect(await stateOf(url)).toBe('demo');
});

test('forty people, eight roles with different levels and conditions, posts in several categories', async () => {
  expect(people).toHaveLength(40);
  expect(new Set(people.map((person) => person.password)).size).toBe(40);
  expect(await count('users')).toBe(40);
  expect(await count('roles where not is_system')).toBe(8);
  expect(await count('(select distinct level from roles where not is_system) levels')).toBe(8);
  expect(await count('permissions where conditions is not null')).toBeGreaterThan(8);
  expect(await count('(select distinct category from posts where published) categories')).toBeGreaterThan(3);
  expect(await count('(select distinct author_id from comments) authors')).toBeGreaterThan(10);
});

test('grants have ended, end soon, were revoked, and were given by people who are no administrators', async () => {
  expect(await count('role_grants where expires_at < now()')).toBeGreaterThan(2);
  expect(await count(`role_grants where expires_at between now() and now() + interval '6 days'`)).toBeGreaterThan(2);
  expect(await count('role_grants where revoked_at is not null')).toBeGreaterThan(2);
  const byOthers = 'role_grants g join users u on u.id = g.granted_by_id where not u.is_admin';
  expect(await count(byOthers)).toBeGreaterThan(10);
});

test('its events lie in each of the four weeks and none in the future, those of the jobs included', async () => {
  const ages = await sql().rows<{ week: number }>(
    `select distinct floor(extract(epoch from now() - occurred_at) / 604800)::int as week from security_events order by week`,
  );
  expect(ages.map(({ week }) => week).filter((week) => week < 4)).toEqual([0, 1, 2, 3]);
  expect(await count('security_events where occurred_at > now()')).toBe(0);
  for (const type of ['ROLE_EXPIRED', 'ROLE_EXPIRING', 'SESSION_EXPIRED'])
    expect(await count(`security_events where type = '${type}' and occurred_at < now() - interval '2 days'`)).not.toBe(
      0,
    );
  expect(await count('sessions where ended_at is null and expires_at <= now()')).toBe(0);
  expect(await count(`jobs where task = 'mail'`)).toBe(0);
});

test('passwords were tried from addresses for documentation, one account is locked, one deactivated', async () => {
  const failed = `security_events where type = 'LOGIN_FAILED'`;
  for (const range of ['203.0.113.', '198.51.100.'])
    expect(await count(`${failed} and ip_address like '${range}%'`)).toBeGreaterThan(3);
  const attempts = 'attempts a join users u on u.id = a.user_id';
  expect(await count(`${attempts} where u.username = 'oluwaseun.adeyemi' and a.locked_until > now()`)).toBe(1);
  expect(await count('users where not is_active')).toBe(1);
  const severalDevices = 'sessions where ended_at is null group by user_id having count(*) > 1';
  expect(await count(`(select user_id from ${severalDevices}) owners`)).toBeGreaterThan(3);
});

const question = `
  query ($userId: ID!, $at: DateTime) {
    accessDecision(userId: $userId, check: { resource: "user", action: "update", attributes: { isAdmin: false } }, at: $at) {
      allowed reason paths { satisfied role { name } grant { grantedByName expiresAt } }
    }
  }`;

test.each([
  ['now', 0],
  ['two weeks ago', days(14)],
])('it is explained why Marta may change accounts: %s', async (_when, past) => {
  const administrator = await signedIn('ines.duarte');
  const at = new Date(harness.clock.now().getTime() - past).toISOString();
  const { data, codes } = await administrator.ask(question, { userId: await idOf('marta.lindqvist'), at });
  expect(codes).toEqual([]);
  const path = {
    satisfied: true,
    role: { name: 'Personnel' },
    grant: { grantedByName: 'ines.duarte', expiresAt: null },
  };
  expect(data['accessDecision']).toEqual({ allowed: true, reason: 'GRANTED', paths: [path] });
});

test('what everybody may do they might do two weeks ago', async () => {
  const [client, at] = [await signedIn('minh.tran'), new Date(harness.clock.now().getTime() - days(14)).toISOString()];
  const asked = `query ($userId: ID!, $check: AccessCheck!, $at: DateTime) {
    accessDecision(userId: $userId, check: $check, at: $at) { reason }
  }`;
  const userId = client.userId;
  const check = { resource: 'comment', action: 'create', attributes: { authorId: userId } };
  expect((await client.ask(asked, { userId, check, at })).data['accessDecision']).toEqual({ reason: 'GRANTED' });
});

test('Marta sees accounts, those of the sport desk do not', async () => {
  const list = '{ users { totalCount } }';
  expect((await (await signedIn('marta.lindqvist')).ask(list)).codes).toEqual([]);
  expect((await (await signedIn('bruno.costa')).ask(list)).codes).toEqual(['FORBIDDEN']);
});

test('the second factor of the introduction works', async () => {
  const { tryThis, password: known } = named('tomasz.zielinski');
  const secret = /secret ([A-Z2-7]{32})/.exec(tryThis)?.[1] ?? '';
  const client = harness.client();
  const fields = 'result { ... on TwoFactorChallenge { challengeToken } }';
  const { result } = await client.mutate('login', { identifier: 'tomasz.zielinski', password: known }, fields);
  const code = { challengeToken: result?.['challengeToken'], code: codeOf(harness, secret) };
  const done = await client.mutate('completeTwoFactorLogin', code, 'authentication { user { username } }');
  expect(done['authentication']).toEqual({ user: { username: 'tomasz.zielinski' } });
});

test('the first people of the list are introduced, with what to try and the roles that they hold', () => {
  expect(people.slice(0, 6).every(({ tryThis }) => tryThis !== '')).toBe(true);
  expect(people.slice(12).every(({ tryThis }) => tryThis === '')).toBe(true);
  expect(named('samuel.okafor')).toMatchObject({ fullName: 'Samuel Okafor', roles: ['News editor', 'Reporter'] });
  const text = introduction('http://localhost:4000', people, '/data');
  expect(text).toContain('http://localhost:4000/');
  expect(text).toContain(named('ines.duarte').password);
  expect(text).not.toContain(named('bruno.costa').password);
});

test('a second start changes nothing; whoever has another password is no longer offered', async () => {
  // Jobs record what ends by itself, and refusals are recorded a second late.
  const rows = `select (select count(*) from users) as users, (select count(*) from security_events
    where details->>'by' is distinct from 'service' and type not in ('LOGIN_FAILED', 'PERMISSION_DENIED', 'RATE_LIMITED')) as events`;
  await allPublished(harness);
  const before = await sql().row(rows);
  await ensureDemo(url, config, { log, estimates });
  expect(await sql().row(rows)).toEqual(before);
  const client = await signedIn('wei.zhang');
  const change = { currentPassword: named('wei.zhang').password, newPassword: password };
  await client.mutate('changePassword', change, 'user { id }');
  const offered = await readDemoPeople(harness.app.services);
  expect(offered.map(({ username }) => username)).toEqual(
    people.map(({ username }) => username).filter((username) => username !== 'wei.zhang'),
  );
});

test('the data of another service is left alone', async () => {
  const other = await cloneDatabase();
  expect(await stateOf(other.url)).toBe('other');
  await expect(ensureDemo(other.url, config, { log })).rejects.toThrow(ConfigError);
  expect(await accountsIn(other.url)).toBe(0);
  await other.drop();
});

test('it runs neither in production nor on a configured database', () => {
  expect(() => demoEnvironment({ NODE_ENV: 'production' })).toThrow(/NODE_ENV/);
  expect(() => demoEnvironment({ DATABASE_URL: 'postgres://localhost/people' })).toThrow(/DATABASE_URL/);
  const env = demoEnvironment({ RATE_LIMIT_LOGIN: '5/1m', ADMIN_USERNAME: 'a', SMTP_URL: 'smtp://localhost' });
  expect(env).toEqual({ RATE_LIMIT_LOGIN: '5/1m', DATA_DIR: '.gatehouse-demo', LOCKOUT_DURATION: '4h' });
});
