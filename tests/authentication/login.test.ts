import { afterAll, beforeAll, expect, test } from '@jest/globals';
import argon2 from 'argon2';
import { hours } from '../../src/clock.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.close());

const sql = () => harness.app.services.database.sql;
const wrong = { result: null, errors: [{ code: 'INVALID_CREDENTIALS', field: null }] };

test('an unknown user, a wrong password and nonsense are one answer', async () => {
  await harness.person('known');
  const tries = [
    ['known', 'not the password'],
    ['unknown', password],
    ['unknown@example.com', password],
    ['known@example.com', `${password} `],
    ['', ''],
    ["' or 1=1 --", "' or 1=1 --"],
    ['known', 'x'.repeat(100_000)],
  ] as const;
  for (const [identifier, tried] of tries) expect(await harness.client().login(identifier, tried)).toEqual(wrong);
});

test('an unknown user costs a verification like a known one', async () => {
  expect(await harness.hashing.during(() => harness.client().login('nobody.at.all', password))).toBe(1);
});

test('username and e-mail address sign in, in any spelling', async () => {
  await harness.person('spelled');
  for (const identifier of ['spelled', 'SPELLED', 'ｓpelled', 'Spelled@Example.COM'])
    expect((await harness.client().login(identifier, password))['errors']).toEqual([]);
});

test('what is wrong with an account is told to a caller who proved the password, and to nobody else', async () => {
  const person = await harness.person('benched');
  await sql().rows('update users set is_active = false where id = $1', [String(person.userId)]);
  expect((await harness.client().login('benched', password))['errors']).toMatchObject([
    { code: 'ACCOUNT_DEACTIVATED' },
  ]);
  expect(await harness.client().login('benched', 'not the password')).toEqual(wrong);
  await eventually(async () => (await person.ask('{ viewer { id } }')).codes[0] === 'UNAUTHENTICATED');
});

test('rememberMe lengthens the access token, the refresh token and the session', async () => {
  await harness.person('mindful');
  const expiry = async (rememberMe: boolean) => {
    const { result } = (await harness.client().login('mindful', password, { rememberMe })) as never as {
      result: { expiresIn: number; session: { expiresAt: string } };
    };
    return {
      token: result.expiresIn / 3600,
      session: Math.round((Date.parse(result.session.expiresAt) - harness.clock.now().getTime()) / hours(1)),
    };
  };
  expect(await expiry(false)).toEqual({ token: 1, session: 7 });
  expect(await expiry(true)).toEqual({ token: 24, session: 7 * 24 });
});

test('a hash made with less than today’s cost is replaced at the next sign-in, and only then', async () => {
  const person = await harness.person('upgraded');
  const hashOf = async () =>
    (
      await sql().row<{ hash: string }>('select password_hash as hash from users where id = $1', [
        String(person.userId),
      ])
    )?.hash;
  const weak = await argon2.hash(password, { type: argon2.argon2id, memoryCost: 32, timeCost: 1, parallelism: 1 });
  await sql().rows('update users set password_hash = $2 where id = $1', [String(person.userId), weak]);
  await harness.client().login('upgraded', 'not the password');
  expect(await hashOf()).toBe(weak);
  await harness.client().login('upgraded', password);
  const upgraded = await hashOf();
  expect(upgraded).toMatch(/^\$argon2id\$v=19\$m=64,t=1,p=1\$/);
  await harness.client().login('upgraded', password);
  expect(await hashOf()).toBe(upgraded);
});

test('the default cost is 19 MiB, two passes, one lane', async () => {
  const strict = await Harness.start({ ARGON2_MEMORY_KIB: '', ARGON2_TIME_COST: '' });
  const row = await strict.app.services.database.sql.row<{ hash: string }>('select password_hash as hash from users');
  expect(row?.hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  await strict.close();
});

test('past the bound of the queue the answer is SERVICE_UNAVAILABLE with retryAfter, and the service lives on', async () => {
  const busy = await Harness.start({ HASHING_CONCURRENCY: '1', HASHING_QUEUE: '3', ARGON2_MEMORY_KIB: '19456' });
  const tries = await Promise.all(
    Array.from({ length: 30 }, () =>
      busy.client().ask('mutation { login(input: { identifier: "x", password: "y" }) { errors { code } } }'),
    ),
  );
  const refused = tries.filter(({ codes }) => codes[0] === 'SERVICE_UNAVAILABLE');
  expect(refused.length).toBeGreaterThan(0);
  for (const { status, errors } of refused)
    expect([status, typeof errors[0]?.extensions['retryAfter']]).toEqual([503, 'number']);
  for (const { codes, data } of tries)
    if (codes.length === 0) expect(data['login']?.['errors']?.[0]?.['code']).toBe('INVALID_CREDENTIALS');
  expect((await busy.admin()).token).toBeDefined();
  await busy.close();
});

test('deactivation while the password is verified lets no session through', async () => {
  const person = await harness.person('raced');
  const { database } = harness.app.services;
  const signingIn = await database.transaction(async (tx) => {
    await tx.rows('update users set is_active = false where id = $1', [String(person.userId)]);
    const attempt = harness.client().login('raced', password);
    // The sign-in waits for this row's lock until the deactivation is committed.
    await waitForLock();
    return { attempt };
  });
  expect((await signingIn.attempt)['errors']).toMatchObject([
    { code: expect.stringMatching(/INVALID_CREDENTIALS|ACCOUNT_DEACTIVATED/) },
  ]);
  const sessions = await sql().rows('select id from sessions where user_id = $1', [String(person.userId)]);
  expect(sessions).toEqual([{ id: person.sessionId }]);
});

async function waitForLock(): Promise<void> {
  for (;;) {
    const [waiting] = await sql().rows(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (waiting) return;
  }
}
