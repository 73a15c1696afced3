import { afterEach, expect, jest, test } from '@jest/globals';
import argon2 from 'argon2';
import type { Passwords } from '../../src/authentication/passwords/passwords.js';
import { minutes } from '../../src/clock.js';
import { unavailable } from '../../src/errors.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';

let harness: Harness;
afterEach(() => harness.close());

const wrong = 'not the password';
const refused = [{ code: 'INVALID_CREDENTIALS', field: null }];

const signIn = (who: string, tried: string, client = harness.client(), more = {}) =>
  client.login(who, tried, more).then(({ errors }) => errors);
const fail = async (who: string, times: number) => {
  for (let n = 0; n < times; n += 1) await signIn(who, wrong);
};
const isLocked = async (id: unknown) => {
  const admin = await harness.admin();
  const { data } = await admin.ask('query ($id: ID!) { user(id: $id) { isLocked lockedUntil } }', { id });
  return data['user']?.['isLocked'];
};
const countOf = async (type: string) => {
  const text = 'select count(*)::int as count from every_event where type = $1';
  return (await harness.app.services.database.sql.row<{ count: number }>(text, [type]))?.count;
};

/** Records the passwords that are verified against a real hash. */
function watchVerifier(passwords: Passwords) {
  const seen: string[] = [];
  const original = passwords.verify.bind(passwords);
  jest.spyOn(passwords, 'verify').mockImplementation((hash, tried) => {
    if (hash) seen.push(tried);
    return original(hash, tried);
  });
  return seen;
}

test('five failures lock, for the right password too, with one answer; a mail tells the owner', async () => {
  harness = await Harness.start();
  const owner = await harness.person('ada');
  await fail('ada', 4);
  expect(await isLocked(owner.userId)).toBe(false);
  await fail('ADA@example.com', 1);
  expect(await signIn('ada', password)).toEqual(refused);
  expect(await signIn('ada', wrong)).toEqual(refused);
  expect(await isLocked(owner.userId)).toBe(true);
  expect((await harness.mailbox.mailTo('ada@example.com', 2)).text).toContain('locked until');
  expect([await countOf('ACCOUNT_LOCKED'), await countOf('LOGIN_FAILED')]).toEqual([1, 7]);
});

test('an attempt of another process that comes to nothing holds its place meanwhile and is not counted', async () => {
  harness = await Harness.start();
  await harness.person('ada');
  const other = await harness.another();
  let comeToNothing: () => void = () => undefined;
  const hashing = new Promise<boolean>((_resolve, reject) => {
    comeToNothing = () => reject(unavailable());
  });
  const begun = new Promise<void>((resolve) => {
    jest.spyOn(other.services.passwords, 'verify').mockImplementation(() => {
      resolve();
      return hashing;
    });
  });
  const query = `mutation { login(input: { identifier: "ada", password: "${wrong}" }) { errors { code } } }`;
  const pending = new Client(other.url).ask(query);
  await begun;
  await fail('ada', 4);
  // Four wrong attempts and a running one use up the five places, so the next attempt is neither verified nor called
  // wrong.
  expect((await harness.client().ask(query)).codes).toEqual(['SERVICE_UNAVAILABLE']);
  comeToNothing();
  expect((await pending).codes).toEqual(['SERVICE_UNAVAILABLE']);
  expect(await eventually(async () => (await harness.client().ask(query)).data['login']?.['errors'])).toEqual(
    refused.map(({ code }) => ({ code })),
  );
  // That was the fifth wrong attempt.
  expect(await signIn('ada', password)).toEqual(refused);
});

test('a success starts the count anew', async () => {
  harness = await Harness.start();
  await harness.person('ada');
  for (let round = 0; round < 3; round += 1) {
    await fail('ada', 4);
    expect(await signIn('ada', password)).toEqual([]);
  }
  expect(await countOf('ACCOUNT_LOCKED')).toBe(0);
});

test.each([1, 2])(
  'of a hundred parallel wrong passwords exactly five reach the verifier, in %i processes',
  async (count) => {
    harness = await Harness.start({ HASHING_QUEUE: '1000' });
    await harness.person('ada');
    const apps = [harness.app, ...(count > 1 ? [await harness.another()] : [])];
    const seen = apps.map((app) => watchVerifier(app.services.passwords));
    const tries = Array.from({ length: 100 }, (_, n) =>
      signIn(n % 3 ? 'ada' : 'ada@example.com', `${wrong} ${n}`, new Client(String(apps[n % apps.length]?.url))),
    );
    for (const errors of await Promise.all(tries)) expect(errors).toEqual(refused);
    expect(seen.flat()).toHaveLength(5);
    expect([await countOf('ACCOUNT_LOCKED'), await countOf('LOGIN_FAILED')]).toEqual([1, 100]);
  },
);

test('parallel right passwords all get in, in two processes', async () => {
  harness = await Harness.start({ HASHING_QUEUE: '1000' });
  await harness.person('ada');
  const other = await harness.another();
  const tries = Array.from({ length: 40 }, (_, n) =>
    signIn('ada', password, new Client(n % 2 ? other.url : harness.app.url)),
  );
  for (const errors of await Promise.all(tries)) expect(errors).toEqual([]);
});

test('a name that nobody has is answered and counted alike', async () => {
  harness = await Harness.start();
  await fail('nobody', 7);
  expect(await signIn('nobody', wrong)).toEqual(refused);
  const { sql } = harness.app.services.database;
  const rows = await sql.rows<{ key: string; count: number }>('select key, count from attempts');
  expect(rows).toMatchObject([{ key: expect.stringMatching(/^name:/), count: 5 }]);
  expect(rows[0]?.key).not.toContain('nobody');
});

const ends: [string, (owner: Client) => Promise<unknown>][] = [
  ['time', async () => harness.clock.advance(minutes(30))],
  [
    'a password reset',
    async () => {
      const { mailbox } = harness;
      await harness.client().mutate('requestPasswordReset', { email: 'ada@example.com' }, 'email');
      const mail = await eventually(() => mailbox.mails.find(({ text }) => text.includes('/reset-password?')));
      const token = /token=([\w-]+)/.exec(mail.text)?.[1];
      await harness.client().mutate('resetPassword', { token, newPassword: `${password}!` }, 'user { id }');
    },
  ],
  [
    'an administrator',
    async ({ userId }) => (await harness.admin()).mutate('unlockUser', { userId }, 'user { isLocked }'),
  ],
];

test.each(ends)('the lock survives a restart and is ended by %s', async (way, end) => {
  harness = await Harness.start();
  const owner = await harness.person('ada');
  await fail('ada', 5);
  const restarted = await harness.another();
  harness.clock.advance(minutes(29));
  expect(await signIn('ada', password, new Client(restarted.url))).toEqual(refused);
  harness.clock.advance(-minutes(29));
  await end(owner);
  const now = way === 'a password reset' ? `${password}!` : password;
  expect(await signIn('ada', now, new Client(restarted.url))).toEqual([]);
  expect(await isLocked(owner.userId)).toBe(false);
});

/** Mutations that ask a signed-in caller for the password. */
const doors: [string, Record<string, unknown>, string][] = [
  ['changePassword', { newPassword: 'another long passphrase' }, 'user { id }'],
  ['requestEmailChange', { newEmail: 'else@example.com' }, 'email'],
  ['beginTwoFactorEnrollment', {}, 'secret'],
  ['disableTwoFactor', { code: '000000' }, 'user { id }'],
  ['regenerateRecoveryCodes', { code: '000000' }, 'recoveryCodes'],
  ['deleteOwnAccount', {}, 'deletedUserId'],
];

test.each(doors)('%s counts wrong passwords with those of sign-in, and holds the lock', async (name, input, fields) => {
  harness = await Harness.start();
  const owner = await harness.person('ada');
  const ask = async (currentPassword: string) =>
    (await owner.mutate(name, { ...input, currentPassword }, fields))['errors'];
  const said = [{ code: 'INVALID_CREDENTIALS', field: ['input', 'currentPassword'] }];
  await fail('ada', 2);
  for (let n = 0; n < 3; n += 1) expect(await ask(wrong)).toEqual(said);
  expect(await ask(password)).toEqual(said);
  expect(await signIn('ada', password)).toEqual(refused);
});

test('a device that has signed in before keeps a budget of its own, by cookie and by token', async () => {
  harness = await Harness.start();
  const first = await harness
    .client()
    .ask(
      `mutation { login(input: { identifier: "root.admin", password: "${password}" }) { result { ... on Authentication { deviceToken } } } }`,
    );
  const deviceToken = String(first.data['login']?.['result']?.['deviceToken']);
  const cookie = first.headers.getSetCookie().find((line) => line.includes('-device=')) ?? '';
  expect(cookie).toMatch(/^__Host-.*; Expires=.*; HttpOnly; Secure; SameSite=Strict/);
  const sent = { cookie: cookie.split(';')[0] ?? '' };
  await fail('root.admin', 12);
  expect(await signIn('root.admin', password)).toEqual(refused);
  expect(await signIn('root.admin', password, harness.client(sent))).toEqual([]);
  expect(await signIn('root.admin', password, harness.client(), { deviceToken })).toEqual([]);
  // The device's own count is as small, and wrong passwords from the device use it up.
  for (let n = 0; n < 5; n += 1) await signIn('root.admin', wrong, harness.client(sent));
  expect(await signIn('root.admin', password, harness.client(sent))).toEqual(refused);
  expect(await signIn('root.admin', password, harness.client(), { deviceToken })).toEqual(refused);
});

test('a device token opens nothing, and is worth nothing to another account or when it is forged', async () => {
  harness = await Harness.start();
  await harness.person('ada');
  const answer = await harness
    .client()
    .ask(
      `mutation { login(input: { identifier: "root.admin", password: "${password}" }) { result { ... on Authentication { deviceToken } } } }`,
    );
  const token = String(answer.data['login']?.['result']?.['deviceToken']);
  await fail('ada', 5);
  const [device, signature] = token.split('.') as [string, string];
  const forged = [
    token,
    `${device}.${'A'.repeat(43)}`,
    `${device}`,
    `.${signature}`,
    `${token}.x`,
    '',
    'x'.repeat(9999),
  ];
  for (const deviceToken of forged)
    expect(await signIn('ada', password, harness.client(), { deviceToken })).toEqual(refused);
  const bearer = await harness.client({ authorization: `Bearer ${token}` }).ask('{ viewer { id } }');
  expect(bearer.codes).toEqual(['UNAUTHENTICATED']);
});

test('an attempt that could not be verified is not counted', async () => {
  harness = await Harness.start();
  await harness.person('ada');
  const broken = jest.spyOn(harness.app.services.passwords, 'verify').mockRejectedValue(new Error('the hasher broke'));
  for (let n = 0; n < 6; n += 1) await signIn('ada', password).catch(() => undefined);
  broken.mockRestore();
  expect(await signIn('ada', password)).toEqual([]);
});

test('nor is a right password when what follows it fails', async () => {
  harness = await Harness.start();
  const owner = await harness.person('ada');
  const { passwords, database } = harness.app.services;
  const weak = await argon2.hash(password, { type: argon2.argon2id, memoryCost: 32, timeCost: 1, parallelism: 1 });
  await database.sql.rows('update users set password_hash = $2 where id = $1', [String(owner.userId), weak]);
  const broken = jest.spyOn(passwords, 'hash').mockRejectedValue(new Error('the hasher broke'));
  for (let n = 0; n < 6; n += 1) await expect(signIn('ada', password)).rejects.toThrow('INTERNAL_SERVER_ERROR');
  broken.mockRestore();
  expect(await signIn('ada', password)).toEqual([]);
});
