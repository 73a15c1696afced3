import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { estimateStrength } from '../../src/authentication/passwords/password-strength.js';
import { Harness } from '../support/harness.js';
import { outcomeOf } from '../support/transports.js';

const service = ['Gatehouse', 'auth.example.com'];
const ada = {
  username: 'countess.ada',
  email: 'augusta.ada@lovelace-family.example',
  firstName: 'Augusta',
  lastName: 'Lovelace',
};
const estimate = (password: string, person = {}) => estimateStrength(password, person, service);

test.each([
  'a long enough passphrase',
  'correct horse battery staple',
  'nothing but lower case words and spaces in between',
  '  x9  kq  wz  ',
  '😀🐎🔋📎😃🐴🔌📌',
  'žluťoučký kůň úpěl',
  'пароль который я придумал',
  'xK#9$mQ2!vL7',
  `${'a'.repeat(60)} but then the end is long enough`,
  Array.from({ length: 128 }, (_, place) => String.fromCodePoint(0x4e00 + ((place * 7919) % 2000))).join(''),
])('%j is strong', async (password) => {
  const found = await estimate(password, ada);
  expect(found).toEqual({ score: expect.any(Number), feedback: [], isStrong: true });
  expect(found.score).toBeGreaterThanOrEqual(3);
});

test.each([
  ['', {}],
  ['        ', {}],
  ['password', {}],
  ['Password1!', {}],
  ['qwertyuiop', {}],
  ['p4$$w0rd', {}],
  ['1234567890', {}],
  ['2001-01-01', {}],
  ['abcdefghijklmnopqrstuvwxyz', {}],
  // Longer than the examined part, which must not make them stronger.
  ['x'.repeat(128), {}],
  ['password'.repeat(16), {}],
  [`x${'password'.repeat(15)}`, {}],
  [`${'password'.repeat(15)}x1`, {}],
  ['p4$$w0rd'.repeat(16), {}],
  ['12.12.12'.repeat(16), {}],
  ['@4$5!1|0'.repeat(5), {}],
  ['qwerty '.repeat(18), {}],
  ['😀'.repeat(64), {}],
  ['0123456789'.repeat(12), {}],
  // Made of what is known about the user or the service.
  ['countess.ada', ada],
  ['COUNTESS.ADA', ada],
  ['Countess.Ada1', ada],
  ['augusta.ada@lovelace-family.example', ada],
  ['augusta.ada', ada],
  ['Augusta Lovelace', ada],
  ['lovelaceaugusta', ada],
  ['Lovelace1815', ada],
  ['augusta.ada@lovelace-family.example countess.ada', ada],
  [`x ${ada.email} ${ada.email} x`, ada],
  ['Gatehouse', {}],
  ['gatehouse2026', {}],
  ['g4t3h0use', {}],
  ['auth.example.com', {}],
])('%j is weak, and is told why', async (password, person) => {
  const { score, feedback, isStrong } = await estimate(password, person);
  expect({ isStrong, isLow: score >= 0 && score < 3 }).toEqual({ isStrong: false, isLow: true });
  expect(feedback.length).toBeGreaterThan(0);
});

test('the same words are good enough for somebody else', async () => {
  const password = 'countess lovelace of augusta family';
  expect(await estimate(password, ada)).toMatchObject({ isStrong: false });
  expect(await estimate(password)).toMatchObject({ isStrong: true });
});

test.each([
  ['nothing', { username: '', email: '', firstName: null, lastName: undefined }],
  ['blanks', { username: ' ', email: '@', firstName: '\n', lastName: '  ' }],
  ['patterns', { username: '.*', email: '(((((@[a-', firstName: '\\', lastName: '$1{9999}' }],
  ['much', { username: 'a '.repeat(200_000), email: `${'b.'.repeat(200_000)}@x`, firstName: 'c'.repeat(200_000) }],
  ['property names', { username: '__proto__', email: 'constructor@toString', lastName: 'hasOwnProperty' }],
])('hostile names change nothing for others: %s', async (_what, person) => {
  expect(await estimate('a long enough passphrase', person)).toMatchObject({ isStrong: true });
});

describe('Query.passwordStrength', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await Harness.start({
      // Thirty of the slowest estimates in one operation take ten seconds on a slow machine.
      OPERATION_TIME_LIMIT: '60s',
      SERVICE_NAME: 'Zanzibar Portal',
      PUBLIC_URL: 'https://kremvax.example',
    });
  });
  afterAll(() => harness.close());

  const query = `query ($password: String!, $username: String, $email: String) {
    passwordStrength(password: $password, username: $username, email: $email) { score feedback isStrong } }`;
  const ask = async (password: string, person: object = {}) =>
    (await harness.client().ask(query, { password, ...person })).data['passwordStrength'];

  test('anybody may ask, with and without names', async () => {
    expect(await ask('a long enough passphrase')).toEqual({ score: 4, feedback: [], isStrong: true });
    expect(await ask('wolfram.turing', { username: 'wolfram.turing' })).toMatchObject({ isStrong: false });
    expect(await ask('alan@wolfram.example', { email: 'alan@wolfram.example' })).toMatchObject({ isStrong: false });
    expect(await ask('alan@wolfram.example', { username: null, email: null })).toMatchObject({ isStrong: true });
  });

  test.each(['Zanzibar Portal', 'zanzibarportal1', 'kremvax.example'])(
    'the service’s own name is known: %s',
    async (password) => {
      expect(await ask(password)).toMatchObject({ isStrong: false });
    },
  );

  test.each([
    ['too short', '😀🐎🔋📎😃🐴🔌'],
    ['too long', 'one of very many words '.repeat(6)],
    ['far too long', 'xK#9$mQ2!vL7'.repeat(10_000)],
  ])('what is %s for an account is not strong', async (_what, password) => {
    const { isStrong, feedback, score } = (await ask(password)) as never as {
      isStrong: boolean;
      feedback: string[];
      score: number;
    };
    expect([isStrong, feedback.length > 0, score < 3]).toEqual([false, true, true]);
  });

  test('it is refused over GET, where the URL would hold the password', async () => {
    const inUrl = async (document: string) => {
      const parameters = new URLSearchParams({ query: document, variables: '{"password":"marker"}' });
      const headers = { 'content-type': 'application/json' };
      const reply = await fetch(`${harness.app.url}/graphql?${parameters}`, { headers });
      return outcomeOf((await reply.json()) as never, { status: reply.status });
    };
    for (const document of [
      '{ passwordStrength(password: "marker") { score } }',
      'query ($password: String!) { ... on Query { other: passwordStrength(password: $password) { score } } }',
      'fragment F on Query { passwordStrength(password: "marker") { score } } query { ...F }',
    ])
      expect(await inUrl(document)).toMatchObject({ status: 400, codes: ['BAD_USER_INPUT'], data: null });
    expect((await inUrl('{ viewer { id } }')).status).toBe(200);
  });

  test('between thirty estimates of one request the service answers others', async () => {
    const hostile = Array.from({ length: 128 }, (_, n) => String.fromCharCode(33 + (n % 90))).join('');
    const aliases = Array.from({ length: 30 }, (_, n) => `a${n}: passwordStrength(password: $password) { score }`);
    let isPending = true;
    const asked = harness.client().ask(`query ($password: String!) { ${aliases.join(' ')} }`, { password: hostile });
    const estimated = asked.finally(() => {
      isPending = false;
    });
    let answered = 0;
    while (isPending) {
      await fetch(`${harness.app.url}/health/live`);
      if (isPending) answered += 1;
    }
    expect(Object.keys((await estimated).data)).toHaveLength(30);
    // The main thread is free before the first estimate and between any two.
    expect(answered).toBeGreaterThan(10);
  });

  test('it is limited per address, and the log never holds a password', async () => {
    const strict = await Harness.start({ RATE_LIMIT_PASSWORD_STRENGTH: '2/1m' });
    const password = 'marker that nobody logs';
    const tries = [];
    for (let turn = 0; turn < 3; turn += 1) tries.push((await strict.client().ask(query, { password })).codes);
    expect(tries).toEqual([[], [], ['RATE_LIMITED']]);
    expect(strict.logged.join()).not.toContain('marker');
    await strict.close();
  });
});
