import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createApp } from '../../src/app.js';
import { loadConfig } from '../../src/config.js';
import type { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { cloneDatabase } from '../support/postgres.js';
import { overSocket, post } from '../support/transports.js';

let harness: Harness;
let admin: Client;
beforeAll(async () => {
  harness = await Harness.start({ SERVICE_NAME: 'Zanzibar Portal', PUBLIC_URL: 'https://kremvax.example' });
  admin = await harness.admin();
});
afterAll(() => harness.close());

const codes = (payload: { errors?: unknown }) => (payload.errors as { code: string }[]).map(({ code }) => code);
const live = async (of: Harness) => (await fetch(`${of.app.url}/health/live`)).status;

let serial = 0;
const nobody = () => {
  serial += 1;
  return { username: `someone${serial}`, email: `someone${serial}@example.com` };
};

const register = (input: object) => harness.client().mutate('register', { ...nobody(), ...input }, 'email');
const createUser = (input: object) => admin.mutate('createUser', { ...nobody(), ...input }, 'user { id }');
/** Mutations that set a password; all apply the same checks. */
const ways = [
  ['register', register],
  ['createUser', createUser],
] as const;

const ada = { username: 'countess.ada', email: 'augusta@lovelace.example', firstName: 'Augusta', lastName: 'Lovelace' };

// biome-ignore format: a table is read by its columns
const refused: [what: string, code: string, input: { password: string }][] = [
  ['nothing',                         'PASSWORD_TOO_SHORT', { password: '' }],
  ['seven characters',                'PASSWORD_TOO_SHORT', { password: 'xK#9$mQ' }],
  ['seven emoji',                     'PASSWORD_TOO_SHORT', { password: '😀🐎🔋📎😃🐴🔌' }],
  ['seven characters typed in parts', 'PASSWORD_TOO_SHORT', { password: 'e\u0301'.repeat(7) }],
  ['129 characters',                  'PASSWORD_TOO_LONG',  { password: `${'correct horse '.repeat(9)}xyz` }],
  ['129 emoji',                       'PASSWORD_TOO_LONG',  { password: '😀🐎🔋'.repeat(43) }],
  ['1025 marks on one letter',        'PASSWORD_TOO_LONG',  { password: `e${'\u0301'.repeat(1024)}` }],
  ['200,000 characters',              'PASSWORD_TOO_LONG',  { password: 'correct horse battery staple '.repeat(7000) }],
  ['a password everybody has',        'PASSWORD_TOO_WEAK',  { password: 'password' }],
  ['one that obeys composition rules','PASSWORD_TOO_WEAK',  { password: 'Password1!' }],
  ['keys in a row',                   'PASSWORD_TOO_WEAK',  { password: 'qwertyuiop' }],
  ['128 of one character',            'PASSWORD_TOO_WEAK',  { password: 'x'.repeat(128) }],
  ['a weak word again and again',     'PASSWORD_TOO_WEAK',  { password: 'password'.repeat(16) }],
  ['spaces',                          'PASSWORD_TOO_WEAK',  { password: ' '.repeat(20) }],
  ['the username',                    'PASSWORD_TOO_WEAK',  { ...ada, password: 'Countess.Ada' }],
  ['the address',                     'PASSWORD_TOO_WEAK',  { ...ada, password: 'augusta@lovelace.example' }],
  ['the names',                       'PASSWORD_TOO_WEAK',  { ...ada, password: 'augusta lovelace' }],
  ['the service',                     'PASSWORD_TOO_WEAK',  { password: 'zanzibarportal' }],
  ['the service’s host',              'PASSWORD_TOO_WEAK',  { password: 'kremvax.example' }],
];

describe.each(ways)('%s', (_name, set) => {
  test.each(refused)('refuses %s with %s, before any hashing', async (_what, code, input) => {
    const hashes = await harness.hashing.during(async () => {
      expect((await set(input))['errors']).toEqual([{ code, field: ['input', 'password'] }]);
    });
    expect(hashes).toBe(0);
  });
});

test('a configured minimum holds', async () => {
  const strict = await Harness.start({ PASSWORD_MIN_LENGTH: '16' });
  const tried = async (typed: string) =>
    codes(await strict.client().mutate('register', { ...nobody(), password: typed }, 'email'));
  expect(await tried('xK#9$mQ2!vL7wZ%')).toEqual(['PASSWORD_TOO_SHORT']);
  expect(await tried('xK#9$mQ2!vL7wZ%5')).toEqual([]);
  await strict.close();
});

const hundredAndTwentyEight = 'a passphrase that goes on and on, '.repeat(4).slice(0, 127).concat('.');

// biome-ignore format: a table is read by its columns
const accepted: [what: string, password: string, wrong: string[]][] = [
  ['a long passphrase in lower case', 'nothing but words and spaces here', ['nothing but words and spaces her', 'Nothing but words and spaces here']],
  ['128 characters', hundredAndTwentyEight, [`${hundredAndTwentyEight.slice(0, -1)}!`, hundredAndTwentyEight.slice(0, -1), `${hundredAndTwentyEight} `]],
  ['128 emoji', '😀🐎🔋📎😃🐴🔌📌'.repeat(16), [`${'😀🐎🔋📎😃🐴🔌📌'.repeat(15)}😀🐎🔋📎😃🐴🔌📍`]],
  ['emoji', '😀🐎🔋📎😃🐴🔌📌', ['😀🐎🔋📎😃🐴🔌📍', '😀🐎🔋📎😃🐴🔌']],
  ['spaces at both ends', '  kq vortex wz  ', ['kq vortex wz', '  kq vortex wz ', ' kq vortex wz  ']],
  ['other scripts', 'пароль который я придумал', ['пароль который я придумаль']],
  ['quotes and backslashes', `x'"\\'; drop table users --`, [`x'"'; drop table users --`]],
];

describe.each(accepted)('%s', (_what, chosen, wrong) => {
  test.each(ways)('works as a password set by %s, and nothing that is nearly it', async (way, set) => {
    const account = nobody();
    expect((await set({ ...account, password: chosen }))['errors']).toEqual([]);
    if (way === 'register') {
      const token = await harness.mailbox.tokenTo(account.email);
      await harness.client().mutate('verifyEmail', { token }, 'user { id }');
    }
    for (const typed of wrong)
      expect([typed, codes(await harness.client().login(account.username, typed))]).toEqual([
        typed,
        ['INVALID_CREDENTIALS'],
      ]);
    expect(codes(await harness.client().login(account.username, chosen))).toEqual([]);
  });
});

test('composed and decomposed spellings are one password, whichever was set', async () => {
  const spelled = 'Žluťoučký kůň úpěl ódy';
  for (const [set, typed] of [
    [spelled.normalize('NFC'), spelled.normalize('NFD')],
    [spelled.normalize('NFD'), spelled.normalize('NFC')],
  ] as const) {
    const account = nobody();
    expect(codes(await createUser({ ...account, password: set }))).toEqual([]);
    expect(codes(await harness.client().login(account.username, typed))).toEqual([]);
    expect(codes(await harness.client().login(account.username, set))).toEqual([]);
    expect(codes(await harness.client().login(account.username, spelled.replace('Ž', 'Z')))).toHaveLength(1);
  }
  const longest = 'ǖ žluťoučký'.repeat(12).slice(0, 128).padEnd(128, 'ḗ');
  const account = nobody();
  expect(codes(await createUser({ ...account, password: longest.normalize('NFD') }))).toEqual([]);
  expect(codes(await harness.client().login(account.username, longest))).toEqual([]);
});

test('the password of the first administrator is asked the same', async () => {
  const database = await cloneDatabase();
  const startWith = (ADMIN_PASSWORD: string) =>
    createApp(
      loadConfig({
        DATABASE_URL: database.url,
        DATA_DIR: tmpdir(),
        APP_SECRET: 'a test secret that has at least 32 bytes',
        PORT: '0',
        LOG_LEVEL: 'silent',
        ADMIN_USERNAME: 'first.admin',
        ADMIN_EMAIL: 'first@example.com',
        ADMIN_PASSWORD,
      }),
    );
  await expect(startWith('First.Admin')).rejects.toThrow(/^ADMIN_PASSWORD: .*easy to guess/);
  await expect(startWith('short')).rejects.toThrow(/^ADMIN_PASSWORD: .*characters/);
  await database.drop();
});

describe('a password of a megabyte', () => {
  const operations = {
    login: 'mutation ($p: String!) { login(input: { identifier: "root.admin", password: $p }) { errors { code } } }',
    register:
      'mutation ($p: String!) { register(input: { username: "big.one", email: "big@example.com", password: $p }) { errors { code } } }',
    passwordStrength: 'query ($p: String!) { passwordStrength(password: $p) { isStrong } }',
  };
  const megabyte = 'x'.repeat(1024 * 1024);

  test.each(Object.entries(operations))('is refused at %s before it is read', async (_name, query) => {
    const hashes = await harness.hashing.during(async () => {
      expect((await post(harness.app.url, JSON.stringify({ query, variables: { p: megabyte } }))).status).toBe(413);
      await expect(overSocket(harness.app.url, { query, variables: { p: megabyte } })).rejects.toThrow('1009');
    });
    expect([hashes, await live(harness)]).toEqual([0, 200]);
  });

  test.each(Object.entries(operations))('and what the server still reads is not hashed at %s', async (name, query) => {
    const hashes = await harness.hashing.during(async () => {
      for (const units of [1025, 200_000]) {
        const { status, data } = await post(
          harness.app.url,
          JSON.stringify({ query, variables: { p: 'x'.repeat(units) } }),
        );
        expect(status).toBe(200);
        if (name !== 'passwordStrength') expect(codes(data[name] as never)).toHaveLength(1);
        else expect(data[name]).toEqual({ isStrong: false });
      }
    });
    expect([hashes, await live(harness)]).toEqual([0, 200]);
  });

  test('an absurd password is one answer for known and unknown users, and counts as an attempt', async () => {
    const person = await harness.person('patient');
    const tries = async (identifier: string, typed: string) => harness.client().login(identifier, typed);
    const answers: object[] = [];
    for (let turn = 0; turn < 5; turn += 1)
      answers.push(await tries('patient', 'x'.repeat(5000)), await tries('not.a.patient', 'x'.repeat(5000)));
    expect(new Set(answers.map((payload) => JSON.stringify(payload))).size).toBe(1);
    expect(codes(await tries('patient', password))).toEqual(['INVALID_CREDENTIALS']);
    expect(person.token).toBeDefined();
  });
});

describe('at the default cost', () => {
  const cost = { ARGON2_MEMORY_KIB: '', ARGON2_TIME_COST: '', HASHING_CONCURRENCY: '' };

  test('under 50 simultaneous sign-ins the service still says that it lives', async () => {
    const busy = await Harness.start(cost);
    let pending = 50;
    const signIns = Array.from({ length: pending }, async (_, place) => {
      const payload = await busy.client().login(place % 2 ? 'root.admin' : `nobody${place}`, password);
      pending -= 1;
      return codes(payload)[0];
    });
    let answered = 0;
    while (pending > 0) {
      expect(await live(busy)).toBe(200);
      if (pending > 0) answered += 1;
    }
    expect(answered).toBeGreaterThan(0);
    const outcomes = await Promise.all(signIns);
    expect(outcomes.filter((code) => code === undefined)).toHaveLength(25);
    expect(outcomes.filter((code) => code === 'INVALID_CREDENTIALS')).toHaveLength(25);
    await busy.close();
  });

  test('past the bound sign-ins on one account are told to come back, and the account is neither locked nor slower for it', async () => {
    const busy = await Harness.start({ ...cost, HASHING_QUEUE: '3' });
    const login = `mutation { login(input: { identifier: "root.admin", password: "${password}" }) { errors { code } } }`;
    const tries = await Promise.all(Array.from({ length: 30 }, () => busy.client().ask(login)));
    const told = tries.filter((answer) => answer.codes[0] === 'SERVICE_UNAVAILABLE');
    expect(told.length).toBeGreaterThan(0);
    for (const { status, errors } of told)
      expect([status, typeof errors[0]?.extensions['retryAfter']]).toEqual([503, 'number']);
    const rest = tries.filter((answer) => answer.codes.length === 0);
    expect(rest.length).toBe(tries.length - told.length);
    for (const { data } of rest) expect(data['login']?.['errors']).toEqual([]);
    await eventually(async () => codes(await busy.client().login('root.admin', password)).length === 0);
    await busy.close();
  });
});
