import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Client, Json } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { SteppedHashing } from '../support/stepped-hashing.js';

let harness: Harness;
let known: Client;
let deviceToken: string;
let hashing: SteppedHashing;

beforeAll(async () => {
  // Computations are held here for as long as a slow machine takes to fill the line: no time counts.
  const patience = { HASHING_LONGEST_WAIT: '1h', OPERATION_TIME_LIMIT: '1h' };
  harness = await Harness.start({ ...patience, HASHING_CONCURRENCY: '1', LOCKOUT_ATTEMPTS: '100' });
  known = await harness.person('known.owner');
  deviceToken = await deviceOf('known.owner');
});
afterAll(() => harness.close());
afterEach(async () => {
  hashing.release();
  await eventually(() => harness.hashing.waiting === 0);
});

const login = `mutation ($input: LoginInput!) {
  login(input: $input) { result { ... on Authentication { deviceToken } } errors { code } }
}`;
const codes = ({ errors }: { readonly errors?: unknown }) => (errors as { code: string }[]).map(({ code }) => code);

async function deviceOf(identifier: string): Promise<string> {
  const { data } = await harness.client().ask(login, { input: { identifier, password } });
  return String(data['login']?.['result']?.['deviceToken']);
}

/** Sign-ins from devices that nobody has seen, each by another name. */
async function flood(count: number): Promise<{ answered: number; all: Promise<unknown> }> {
  hashing = new SteppedHashing(harness.hashing);
  const state = { answered: 0, all: Promise.resolve() as Promise<unknown> };
  const guesses = Array.from({ length: count }, async (_, place) => {
    await harness.client().ask(login, { input: { identifier: `nobody${place}`, password: `wrong ${place}` } });
    state.answered += 1;
  });
  state.all = Promise.all(guesses);
  await hashing.filled(count - 1);
  return state;
}

test('while 200 strangers wait, a device that has signed in before is served next', async () => {
  const strangers = await flood(200);
  const signIn = harness.client().login('known.owner', password, { deviceToken });
  await hashing.filled(200);
  await hashing.step();
  await hashing.step();
  expect(codes(await signIn)).toEqual([]);
  expect(strangers.answered).toBeLessThanOrEqual(1);
  hashing.release();
  await strangers.all;
  expect(strangers.answered).toBe(200);
});

test('and so is whoever proves the password in a session, or changes it', async () => {
  const strangers = await flood(50);
  const proved = known.mutate('reauthenticate', { password }, 'session { id }');
  await hashing.filled(50);
  await hashing.step();
  await hashing.step();
  expect(codes(await proved)).toEqual([]);
  const newPassword = 'another plain heron ledger';
  const changed = known.mutate('changePassword', { currentPassword: password, newPassword }, 'user { id }');
  await hashing.filled(49);
  for (let n = 0; n < 2; n += 1) await hashing.step();
  // The old password is proved; the new one is checked, and waits to be hashed.
  await hashing.filled(48);
  for (let n = 0; n < 2; n += 1) await hashing.step();
  expect(codes(await changed)).toEqual([]);
  expect(strangers.answered).toBeLessThanOrEqual(3);
  hashing.release();
  await strangers.all;
  const back = await known.mutate(
    'changePassword',
    { currentPassword: newPassword, newPassword: password },
    'user { id }',
  );
  expect(codes(back)).toEqual([]);
});

test('the token of a device counts for its account alone: at another name it stands where any stranger stands', async () => {
  await harness.person('other.owner');
  const strangers = await flood(20);
  let answered = 0;
  const tries = ['other.owner', 'no.such.owner'].map((identifier) =>
    harness
      .client()
      .login(identifier, 'wrong', { deviceToken })
      .finally(() => {
        answered += 1;
      }),
  );
  await hashing.filled(21);
  for (let n = 0; n < 20; n += 1) await hashing.step();
  await eventually(() => strangers.answered === 20);
  expect(answered).toBe(0);
  hashing.release();
  for (const payload of await Promise.all(tries)) expect(codes(payload)).toEqual(['INVALID_CREDENTIALS']);
});

test('an account of one’s own with many devices holds nobody up: it has one place at a time', async () => {
  await harness.person('greedy');
  const devices = await Promise.all(Array.from({ length: 10 }, () => deviceOf('greedy')));
  const strangers = await flood(10);
  const own = devices.map((token) => harness.client().login('greedy', 'wrong', { deviceToken: token }));
  await hashing.filled(19);
  const signIn = harness.client().login('known.owner', password, { deviceToken });
  await hashing.filled(20);
  // The one that was held, one of the greedy account, and the owner.
  for (let n = 0; n < 3; n += 1) await hashing.step();
  expect(codes(await signIn)).toEqual([]);
  hashing.release();
  await Promise.all([strangers.all, ...own]);
});

test('a stranger whom the queue has no room for is refused before anything is written, and told when to come back', async () => {
  const full = await Harness.start({ HASHING_CONCURRENCY: '1', HASHING_QUEUE: '3' });
  const held = new SteppedHashing(full.hashing);
  const waiting = Array.from({ length: 4 }, (_, place) =>
    full.client().ask(login, { input: { identifier: `nobody${place}`, password: 'wrong' } }),
  );
  await held.filled(3);
  const { sql } = full.app.services.database;
  const attempts = async () => (await sql.row<{ count: string }>('select count(*) as count from attempts'))?.count;
  const before = await attempts();
  for (const identifier of ['root.admin', 'no.such.owner']) {
    const refused = await full.client().ask(login, { input: { identifier, password } });
    const [error] = refused.errors;
    expect([refused.status, refused.codes]).toEqual([503, ['SERVICE_UNAVAILABLE']]);
    expect(refused.headers.get('retry-after')).toBe(String(error?.extensions['retryAfter']));
    expect(error?.extensions['retryAfter']).toBeGreaterThanOrEqual(1);
  }
  expect(await attempts()).toBe(before);
  held.release();
  for (const { data } of await Promise.all(waiting))
    expect(codes(data['login'] as Json)).toEqual(['INVALID_CREDENTIALS']);
  expect((await full.admin()).token).toBeDefined();
  await full.close();
});
