import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { minutes } from '../../src/clock.js';
import { makeToken } from '../support/api-tokens.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { mailRequest } from '../support/mail-request.js';
import { RawSocket } from '../support/raw-socket.js';

let harness: Harness;
let owner: Client;
let name: string;
let count = 0;
beforeAll(async () => {
  harness = await Harness.start({ HASHING_QUEUE: '1000' });
});
afterAll(() => harness.close());
beforeEach(async () => {
  count += 1;
  name = `owner${count}`;
  owner = await harness.person(name);
});

const next = 'quite another passphrase';
const invalid = { user: null, errors: [{ code: 'INVALID_TOKEN', field: ['input', 'token'] }] };
const address = () => `${name}@example.com`;
const sql = () => harness.app.services.database.sql;

/** Requests a reset and returns the token of the nth reset mail. */
async function askForReset(nth = 1): Promise<string> {
  await harness.client().mutate('requestPasswordReset', { email: address() }, 'email');
  return eventually(() => {
    const links = harness.mailbox.mails.filter(({ to, text }) => to === address() && text.includes('/reset-password?'));
    return /token=([\w-]+)/.exec(links[nth - 1]?.text ?? '')?.[1];
  });
}
const reset = (token: string, newPassword = next, client = harness.client()) =>
  client.mutate('resetPassword', { token, newPassword }, 'user { id }');
const signIn = async (tried: string) => (await harness.client().login(name, tried))['errors'];
const isRefused = async (client: Client) => (await client.ask('{ viewer { id } }')).codes[0] === 'UNAUTHENTICATED';

test('a reset ends every session in every process, revokes API tokens, and lets the new password in', async () => {
  const other = await harness.another();
  const elsewhere = new Client(other.url);
  await elsewhere.login(name, password);
  await makeToken(owner, ['profile:read']);
  const socket = await RawSocket.open(other.url, owner.token);
  expect(await reset(await askForReset())).toMatchObject({ user: { id: owner.userId }, errors: [] });
  expect(await isRefused(owner)).toBe(true);
  await eventually(() => isRefused(elsewhere));
  expect(await socket.closure()).toBe(4401);
  for (const { refreshToken } of [owner, elsewhere])
    expect(
      (await harness.client().mutate('refreshSession', { refreshToken }, 'authentication { expiresIn }'))['errors'],
    ).toMatchObject([{ code: 'INVALID_TOKEN' }]);
  const living = 'select 1 from api_tokens where user_id = $1 and revoked_at is null';
  expect(await sql().rows(living, [String(owner.userId)])).toEqual([]);
  expect(await signIn(password)).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
  expect(await signIn(next)).toEqual([]);
});

test('twenty parallel uses of one token make one success', async () => {
  const token = await askForReset();
  const other = await harness.another();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => reset(token, `${next} ${n}`, new Client(n % 2 ? other.url : harness.app.url))),
  );
  const winners = answers.flatMap(({ errors }, n) => (errors[0] ? [] : [n]));
  expect(winners).toHaveLength(1);
  for (const [n, answer] of answers.entries()) if (n !== winners[0]) expect(answer).toEqual(invalid);
  expect(await signIn(`${next} ${winners[0]}`)).toEqual([]);
});

const deaths: [string, (token: string) => Promise<unknown>][] = [
  ['after it was used', (token) => reset(token, 'yet another passphrase')],
  ['after ten minutes', async () => harness.clock.advance(minutes(10))],
  ['after a newer one', () => askForReset(2)],
  [
    'after the password was changed',
    () =>
      owner.mutate('changePassword', { currentPassword: password, newPassword: 'changed by its owner' }, 'user { id }'),
  ],
  [
    'after the address was changed',
    () => sql().rows('update users set email = $2 where id = $1', [String(owner.userId), `moved.${address()}`]),
  ],
  [
    'when the account is deactivated',
    () => sql().rows('update users set is_active = false where id = $1', [String(owner.userId)]),
  ],
];

test.each(deaths)('a token is dead %s', async (_when, die) => {
  const token = await askForReset();
  await die(token);
  expect(await reset(token)).toEqual(invalid);
});

test('a token lives until the very end of its time', async () => {
  const token = await askForReset();
  harness.clock.advance(minutes(10) - 5000);
  expect((await reset(token))['errors']).toEqual([]);
});

test('a password that will not do leaves the token as it is', async () => {
  const token = await askForReset();
  const refusals = [
    ['short', 'PASSWORD_TOO_SHORT'],
    ['x'.repeat(129), 'PASSWORD_TOO_LONG'],
    [address(), 'PASSWORD_TOO_WEAK'],
  ] as const;
  for (const [weak, code] of refusals)
    expect((await reset(token, weak))['errors']).toEqual([{ code, field: ['input', 'newPassword'] }]);
  expect((await reset(token))['errors']).toEqual([]);
});

test.each(['', 'nonsense', 'A'.repeat(43), '\u{1F600}'.repeat(500), "' or 1=1 --"])('%p is no token', async (token) => {
  expect(await reset(token)).toEqual(invalid);
});

test('every address has one answer; only one that can sign in gets a mail', async () => {
  await sql().rows('update users set is_active = false where username = $1', [name]);
  const before = harness.mailbox.mails.length;
  for (const email of [address(), 'no.one@example.com', 'NO.ONE@EXAMPLE.COM', 'not an address'])
    expect(await harness.client().mutate('requestPasswordReset', { email }, 'email')).toEqual({
      email: email.toLowerCase(),
      errors: [],
    });
  await eventually(async () => (await sql().rows(`select 1 from jobs where task = 'mail-request'`)).length === 0);
  expect(harness.mailbox.mails).toHaveLength(before);
});

test('what was asked for while the process died is answered by the next', async () => {
  await sql().rows(
    `insert into jobs (id, task, payload, address, created_at, due_at) values (gen_random_uuid(), 'mail-request', $2, $1, now(), now())`,
    [address(), mailRequest({ purpose: 'reset-password', email: address(), ipAddress: '192.0.2.7' })],
  );
  await harness.another();
  await eventually(() =>
    harness.mailbox.mails.find(({ to, text }) => to === address() && text.includes('/reset-password?')),
  );
  const row = await eventually(() =>
    sql().row<{ ip: string }>(
      `select ip_address as ip from every_event where type = 'PASSWORD_RESET_REQUESTED' and subject_id = $1`,
      [String(owner.userId)],
    ),
  );
  expect(row.ip).toBe('192.0.2.7');
});

test('who registered with somebody else’s address is out once its owner resets the password', async () => {
  const squatter = harness.client();
  const email = `squatted${count}@example.com`;
  await squatter.mutate('register', { username: `squatter${count}`, email, password }, 'email');
  name = `squatter${count}`;
  await harness.client().mutate('requestPasswordReset', { email }, 'email');
  const mail = await eventually(() =>
    harness.mailbox.mails.find(({ to, text }) => to === email && text.includes('/reset-password?')),
  );
  expect((await reset(String(/token=([\w-]+)/.exec(mail.text)?.[1])))['errors']).toEqual([]);
  const verified = `select 1 from every_event e join users u on u.id = e.subject_id where e.type = 'EMAIL_VERIFIED' and u.username = $1`;
  expect(await sql().rows(verified, [name])).toHaveLength(1);
  expect(await signIn(password)).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
  expect(await signIn(next)).toEqual([]);
});

test('a sign-in with the old password that is under way does not outlive the reset', async () => {
  const { passwords } = harness.app.services;
  const token = await askForReset();
  const original = passwords.verify.bind(passwords);
  let verified: () => void = () => undefined;
  const isVerified = new Promise<void>((resolve) => {
    verified = resolve;
  });
  let goOn: () => void = () => undefined;
  const mayGoOn = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const held = jest.spyOn(passwords, 'verify').mockImplementation(async (hash, tried) => {
    const matches = await original(hash, tried);
    verified();
    await mayGoOn;
    return matches;
  });
  const signingIn = signIn(password);
  await isVerified;
  held.mockRestore();
  expect((await reset(token))['errors']).toEqual([]);
  goOn();
  expect(await signingIn).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
  const open = 'select 1 from sessions where user_id = $1 and ended_at is null';
  expect(await sql().rows(open, [String(owner.userId)])).toEqual([]);
});

test('mail per recipient and per client address is capped', async () => {
  const strict = await Harness.start({ RATE_LIMIT_PASSWORD_RESET: '3/1h', TRUSTED_PROXIES: '127.0.0.1' });
  const ask = async (email: string, from: string) =>
    (
      await strict
        .client({ 'x-forwarded-for': from })
        .ask(`mutation { requestPasswordReset(input: { email: "${email}" }) { errors { code } } }`)
    ).codes[0];
  const codes = async (asks: Promise<unknown>[]) =>
    (await Promise.all(asks)).filter((code) => code === 'RATE_LIMITED').length;
  const asks = Array.from({ length: 8 }, (_, n) => n);
  expect(await codes(asks.map((n) => ask('ROOT@example.com', `198.51.100.${n}`)))).toBe(5);
  expect(await codes(asks.map((n) => ask(`somebody${n}@example.com`, '203.0.113.1')))).toBe(5);
  await strict.close();
});
