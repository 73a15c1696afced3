import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import type { App } from '../../src/app.js';
import { resetPasswordByOperator } from '../../src/authentication/reset-password-by-operator.js';
import { days, hours, minutes, seconds } from '../../src/clock.js';
import { asSystem } from '../../src/open-services.js';
import { makeToken } from '../support/api-tokens.js';
import { Client, type Json } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { administrator, Harness, password } from '../support/harness.js';
import { challenge, complete, equip, errorOf, nextCode } from '../support/second-factor.js';
import { overSocket } from '../support/transports.js';

let harness: Harness;
let other: App;
let admin: Client;
let owner: Client;
let name: string;
let count = 0;

beforeAll(async () => {
  harness = await Harness.start({ HASHING_QUEUE: '1000' });
  other = await harness.another();
});
afterAll(() => harness.close());
beforeEach(async () => {
  count += 1;
  name = `person${count}`;
  admin = await harness.admin();
  owner = await harness.person(name);
});

const refused = [{ code: 'INVALID_CREDENTIALS', field: null }];
const at = (milliseconds: number) => new Date(harness.clock.now().getTime() + milliseconds).toISOString();
const signIn = async (tried = password, client = harness.client(), more = {}) =>
  (await client.login(name, tried, more))['errors'];
const state = 'user { isLocked lockedUntil }';
const lock = (until = at(hours(2)), more = {}, by = admin): Promise<Json> =>
  by.mutate('lockUser', { userId: owner.userId, until, ...more }, state);
const unlock = () => admin.mutate('unlockUser', { userId: owner.userId }, state);
const sql = <Row extends object>(text: string, values: string[] = []) =>
  harness.app.services.database.sql.rows<Row>(text, values);
const events = (type: string) =>
  sql<{ details: Json; actorId: string }>(
    'select details, actor_id as "actorId" from every_event where type = $1 and subject_id = $2 order by occurred_at',
    [type, String(owner.userId)],
  );
const mailsToOwner = () => harness.mailbox.mails.filter(({ to }) => to === `${name}@example.com`);

test('keeps everybody out on every device until it ends, with the answer of a wrong password', async () => {
  const device =
    'mutation ($input: LoginInput!) { login(input: $input) { result { ... on Authentication { deviceToken } } } }';
  const known = await harness.client().ask(device, { input: { identifier: name, password } });
  const deviceToken = known.data['login']?.['result']?.['deviceToken'];
  const until = at(hours(2));
  expect(await lock(until)).toEqual({ user: { isLocked: true, lockedUntil: until }, errors: [] });
  for (const tried of [password, 'not the password']) expect(await signIn(tried)).toEqual(refused);
  expect(await signIn(password, new Client(other.url))).toEqual(refused);
  expect(await signIn(password, harness.client(), { deviceToken })).toEqual(refused);
  harness.clock.advance(hours(2) - seconds(1));
  expect(await signIn()).toEqual(refused);
  harness.clock.advance(seconds(1));
  expect(await signIn()).toEqual([]);
  expect((await (await harness.admin()).ask(`{ user(id: "${owner.userId}") { isLocked lockedUntil } }`)).data).toEqual({
    user: { isLocked: false, lockedUntil: null },
  });
});

test('leaves open sessions and API tokens, which prove nothing by a password meanwhile', async () => {
  const { token: apiToken } = await makeToken(owner, ['profile:read']);
  await lock();
  expect((await owner.ask('{ viewer { isLocked } }')).data).toEqual({ viewer: { isLocked: true } });
  expect((await harness.client({ 'x-api-key': apiToken }).ask('{ viewer { id } }')).codes).toEqual([]);
  const refresh = await harness
    .client()
    .mutate('refreshSession', { refreshToken: owner.refreshToken }, 'authentication { accessToken }');
  expect(refresh['errors']).toEqual([]);
  const deletion = await owner.mutate('deleteOwnAccount', { currentPassword: password }, 'deletedUserId');
  expect(deletion['errors']).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
  await unlock();
  expect((await owner.mutate('deleteOwnAccount', { currentPassword: password }, 'deletedUserId'))['errors']).toEqual(
    [],
  );
});

test('is recorded with who locked, why and until when, and mailed; the owner reads neither who nor why nor where', async () => {
  const until = at(hours(2));
  await lock(until, { reason: ' a lost laptop ' });
  const later = at(hours(3));
  await lock(later);
  await lock(later);
  await unlock();
  await unlock();
  const moved = { lockedUntil: { from: until, to: later } };
  expect(await events('ACCOUNT_LOCKED')).toEqual([
    {
      actorId: admin.userId,
      details: { until, reason: 'a lost laptop', changes: { lockedUntil: { from: null, to: until } } },
    },
    { actorId: admin.userId, details: { until: later, reason: null, changes: moved } },
  ]);
  expect(await events('ACCOUNT_UNLOCKED')).toEqual([
    { actorId: admin.userId, details: { changes: { lockedUntil: { from: later, to: null } } } },
  ]);
  const told = await eventually(async () => {
    const mails = mailsToOwner().filter(({ subject }) => subject.includes('locked by an administrator'));
    return mails.length === 2 ? mails : undefined;
  });
  expect(told[0]?.text).toContain('A new password does not lift the lock');
  expect(told[0]?.text).not.toContain('laptop');
  const asked = '{ viewer { securityEvents { nodes { type actorId ipAddress details } } } }';
  const { data } = await owner.ask(asked);
  const own = ((data['viewer']?.['securityEvents']?.['nodes'] ?? []) as unknown as Json[]).filter(
    ({ type }) => String(type) === 'ACCOUNT_LOCKED',
  );
  expect(own[1]).toEqual({
    type: 'ACCOUNT_LOCKED',
    actorId: null,
    ipAddress: null,
    details: { until: later, changes: moved },
  });
});

test('is counted and found with the locks by wrong attempts', async () => {
  await sql('delete from attempts');
  await sql('update users set locked_by_admin_until = null');
  const query = `{ securityOverview { lockedAccounts { count } } users(search: "${name}@", filter: { isLocked: true }) { totalCount nodes { username } } }`;
  const seen = async () => {
    const { data } = await admin.ask(query);
    const { nodes, totalCount } = data['users'] as unknown as { nodes: Json[]; totalCount: number };
    return [data['securityOverview']?.['lockedAccounts']?.['count'], totalCount, nodes.map(({ username }) => username)];
  };
  for (let n = 0; n < 5; n += 1) await signIn('wrong');
  expect(await seen()).toEqual([1, 1, [name]]);
  await lock();
  expect(await seen()).toEqual([1, 1, [name]]);
  await unlock();
  expect(await seen()).toEqual([0, 0, []]);
  await lock();
  expect(await seen()).toEqual([1, 1, [name]]);
  await unlock();
});

test('neither wrong attempts before or during it nor their end change it; they are not counted during it', async () => {
  for (let n = 0; n < 4; n += 1) await signIn('wrong');
  const until = at(hours(2));
  await lock(until);
  for (let n = 0; n < 3; n += 1) await signIn('wrong');
  expect(
    await sql('select 1 from attempts where locked_until is not null and user_id = $1', [String(owner.userId)]),
  ).toEqual([]);
  harness.clock.advance(minutes(31));
  expect(await signIn()).toEqual(refused);
  await unlock();
  expect(await signIn()).toEqual([]);
});

test('a success that another process is about to finish does not lift it', async () => {
  const { passwords } = other.services;
  const verify = passwords.verify.bind(passwords);
  let goOn: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const verified = new Promise<void>((resolve) => {
    jest.spyOn(passwords, 'verify').mockImplementationOnce(async (hash, tried) => {
      const isRight = await verify(hash, tried);
      resolve();
      await held;
      return isRight;
    });
  });
  const signingIn = signIn(password, new Client(other.url));
  await verified;
  await lock();
  goOn();
  expect(await signingIn).toEqual(refused);
  expect(await signIn()).toEqual(refused);
  await unlock();
  expect(await signIn()).toEqual([]);
});

test('of sign-ins at the same time in two processes none that ends after the lock is acknowledged opens a session', async () => {
  for (let round = 0; round < 5; round += 1) {
    const opened: string[] = [];
    const tries = Array.from({ length: 20 }, async (_, n) => {
      const client = new Client(n % 2 ? other.url : harness.app.url);
      expect(['', 'INVALID_CREDENTIALS']).toContain(String((await signIn(password, client))?.[0]?.['code'] ?? ''));
      if (client.sessionId) opened.push(client.sessionId);
    });
    await lock();
    const acknowledged = await sql<{ id: string }>('select id from sessions where user_id = $1', [
      String(owner.userId),
    ]);
    const after = Array.from({ length: 20 }, (_, n) =>
      signIn(password, new Client(n % 2 ? other.url : harness.app.url)),
    );
    for (const errors of await Promise.all(after)) expect(errors).toEqual(refused);
    await Promise.all(tries);
    const known = new Set(acknowledged.map(({ id }) => id));
    expect(opened.filter((id) => !known.has(id))).toEqual([]);
    await unlock();
  }
});

test('a sign-in whose password was proved before it is not completed with a code', async () => {
  const equipped = await equip(harness, `equipped${count}`);
  const begun = await challenge(harness.client(), equipped.name);
  const until = at(hours(2));
  const locking = await admin.mutate('lockUser', { userId: equipped.client.userId, until }, state);
  expect(locking['errors']).toEqual([]);
  expect(errorOf(await complete(harness.client(), begun, nextCode(harness, equipped.secret)))).toBe(
    'INVALID_CODE input code',
  );
  await admin.mutate('unlockUser', { userId: equipped.client.userId }, state);
  expect(errorOf(await complete(harness.client(), begun, nextCode(harness, equipped.secret)))).toBeUndefined();
});

test('a password reset by mail does not lift it; one by the operator does', async () => {
  await lock();
  await harness.client().mutate('requestPasswordReset', { email: `${name}@example.com` }, 'email');
  const mail = await eventually(() => mailsToOwner().find(({ text }) => text.includes('/reset-password?')));
  const token = /token=([\w-]+)/.exec(mail.text)?.[1];
  const newPassword = `${password}!`;
  expect((await harness.client().mutate('resetPassword', { token, newPassword }, state))['user']?.['isLocked']).toBe(
    true,
  );
  expect(await signIn(newPassword)).toEqual(refused);
  await unlock();
  expect(await signIn(newPassword)).toEqual([]);
  const second = await admin.mutate(
    'createUser',
    { username: `second${count}`, email: `second${count}@example.com`, password, isAdmin: true },
    'user { id }',
  );
  await admin.mutate('lockUser', { userId: second['user']?.['id'], until: at(hours(2)) }, state);
  await resetPasswordByOperator(asSystem(harness.app.services), { username: `second${count}`, newPassword });
  expect((await harness.client().login(`second${count}`, newPassword))['errors']).toEqual([]);
});

test('asks for an end in the future, within 366 days, and a reason of 500 characters; over both transports', async () => {
  const said = async (until: string, reason = '') => (await lock(until, { reason }))['errors'];
  const wrong = (field: string) => [{ code: 'INVALID_INPUT', field: ['input', field] }];
  for (const until of [at(0), at(-1000), at(days(366) + 1000)]) expect(await said(until)).toEqual(wrong('until'));
  expect(await said(at(hours(1)), 'x'.repeat(501))).toEqual(wrong('reason'));
  expect(await said(at(days(366)))).toEqual([]);
  const until = at(hours(1));
  const query = `mutation { lockUser(input: { userId: "${owner.userId}", until: "${until}" }) { errors { code } user { lockedUntil } } }`;
  const { data } = await overSocket(harness.app.url, { query, token: admin.token });
  expect(data['lockUser']).toEqual({ errors: [], user: { lockedUntil: until } });
  await unlock();
});

test('is not for oneself, nor for the last administrator who may sign in', async () => {
  const own = await admin.mutate('lockUser', { userId: admin.userId, until: at(hours(1)) }, state);
  expect(own['errors']).toMatchObject([{ code: 'OWN_ACCOUNT' }]);
  expect((await harness.client().login(administrator.username, password))['errors']).toEqual([]);
});
