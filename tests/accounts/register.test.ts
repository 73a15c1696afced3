import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hours } from '../../src/clock.js';
import { Harness, password } from '../support/harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start({ PUBLIC_URL: 'https://id.example.org/base/' });
});
afterAll(() => harness.close());

const register = (input: Record<string, unknown>) =>
  harness.client().mutate('register', { password, ...input }, 'email verificationRequired');
const countUsers = async (where: string, value: string) => {
  const row = await harness.app.services.database.sql.row<{ count: string }>(
    `select count(*) from users where ${where} = $1`,
    [value],
  );
  return Number(row?.count);
};

test('names and addresses are compared in one spelling: Unicode forms and case', async () => {
  await register({ username: 'Ｇrace', email: 'GRACE@example.com' });
  expect(await countUsers('username', 'grace')).toBe(1);
  const codes = async (username: string) =>
    (await register({ username, email: `${crypto.randomUUID()}@example.com` }))['errors'];
  for (const username of ['grace', 'GRACE', ' gRaCe ', 'ｇｒａｃｅ'])
    expect(await codes(username)).toMatchObject([{ code: 'USERNAME_TAKEN', field: ['input', 'username'] }]);
});

test('of 20 parallel registrations of one name one makes a user, and the others say it is taken', async () => {
  const tries = Array.from({ length: 20 }, (_, i) => register({ username: 'only.one', email: `only${i}@example.com` }));
  const errors = (await Promise.all(tries)).map((payload) => payload['errors']);
  expect(errors.filter((list) => !list?.[0])).toHaveLength(1);
  expect(errors.filter((list) => list?.[0]?.['code'] === 'USERNAME_TAKEN')).toHaveLength(19);
  expect(await countUsers('username', 'only.one')).toBe(1);
});

test('of 20 parallel registrations of one address one makes a user, and all get the same answer', async () => {
  const email = 'shared@example.com';
  const tries = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      register({ username: `shared${i}`, email: i % 2 ? email : email.toUpperCase() }),
    ),
  );
  for (const payload of tries) expect(payload).toEqual({ email, verificationRequired: true, errors: [] });
  expect(await countUsers('email', email)).toBe(1);
  await harness.mailbox.mailTo(email, 20);
});

test('a taken address answers as a new one does, changes nothing, and its owner gets a mail without a link to follow', async () => {
  await register({ username: 'owner', email: 'owner@example.com' });
  const token = await harness.mailbox.tokenTo('owner@example.com');
  const second = await register({ username: 'intruder', email: 'Owner@Example.com', firstName: 'Eve' });
  expect(second).toEqual({ email: 'owner@example.com', verificationRequired: true, errors: [] });
  const mail = await harness.mailbox.mailTo('owner@example.com', 2);
  expect(mail.text).toContain('owner');
  expect(mail.text).not.toContain('token=');
  expect(mail.text).not.toContain('Eve');
  expect(await countUsers('username', 'intruder')).toBe(0);
  const verified = await harness.client().mutate('verifyEmail', { token }, 'user { username }');
  expect(verified['user']).toEqual({ username: 'owner' });
});

test('links are built from PUBLIC_URL, whatever the request says about its host', async () => {
  const client = harness.client({
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'http',
  });
  await client.mutate('register', { username: 'linked', email: 'linked@example.com', password }, 'email');
  const { text } = await harness.mailbox.mailTo('linked@example.com');
  expect(text).toContain('https://id.example.org/base/verify-email?token=');
  expect(text).not.toContain('evil');
});

test.each([
  ['username', { username: 'ab' }],
  ['username', { username: 'x'.repeat(65) }],
  ['username', { username: 'has space' }],
  ['username', { username: 'some@name' }],
  ['username', { username: '.dot' }],
  ['username', { username: 'new\nline' }],
  ['username', { username: 'right\u202Eleft' }],
  ['email', { email: 'nobody' }],
  ['email', { email: `${'x'.repeat(250)}@example.com` }],
  ['email', { email: 'a@example.com\nBcc: b@example.com' }],
  ['firstName', { firstName: 'x'.repeat(101) }],
  ['lastName', { lastName: 'a\r\nb' }],
])('a %s that cannot be is named: %j', async (field, wrong) => {
  const payload = await register({ username: 'fine.name', email: 'fine@example.com', ...wrong });
  expect(payload['errors']).toEqual([{ code: 'INVALID_INPUT', field: ['input', field] }]);
});

test('all that is wrong is told at once, and nobody is made', async () => {
  const payload = await register({ username: 'a', email: 'b', password: 'c' });
  expect((payload['errors'] as unknown as { code: string }[]).map(({ code }) => code)).toEqual([
    'INVALID_INPUT',
    'INVALID_INPUT',
    'PASSWORD_TOO_SHORT',
  ]);
  expect(await countUsers('username', 'a')).toBe(0);
});

const verify = (token: string) => harness.client().mutate('verifyEmail', { token }, 'user { id }');
const invalid = { user: null, errors: [{ code: 'INVALID_TOKEN', field: ['input', 'token'] }] };

test('a mailed token works once, also under 20 parallel tries', async () => {
  await register({ username: 'eager', email: 'eager@example.com' });
  const token = await harness.mailbox.tokenTo('eager@example.com');
  const tries = await Promise.all(Array.from({ length: 20 }, () => verify(token)));
  expect(tries.filter((payload) => !payload['errors']?.[0])).toHaveLength(1);
  expect(await verify(token)).toEqual(invalid);
});

test('a mailed token dies with a newer one, with its time and with the address it was made for', async () => {
  await register({ username: 'slow', email: 'slow@example.com' });
  const first = await harness.mailbox.tokenTo('slow@example.com');
  const again = await harness.client().mutate('resendVerificationEmail', { email: ' SLOW@example.com' }, 'email');
  expect(again).toEqual({ email: 'slow@example.com', errors: [] });
  const second = await harness.mailbox.tokenTo('slow@example.com', 2);
  expect(await verify(first)).toEqual(invalid);
  await harness.app.services.database.sql.rows(`update users set email = 'moved@example.com' where username = 'slow'`);
  expect(await verify(second)).toEqual(invalid);
  await harness.app.services.database.sql.rows(`update users set email = 'slow@example.com' where username = 'slow'`);
  harness.clock.advance(hours(24));
  expect(await verify(second)).toEqual(invalid);
});

test('asking for another mail has one answer for unknown, verified and waiting addresses, and mails only the last', async () => {
  await register({ username: 'done', email: 'done@example.com' });
  await verify(await harness.mailbox.tokenTo('done@example.com'));
  await register({ username: 'waiting', email: 'waiting@example.com' });
  await harness.mailbox.mailTo('waiting@example.com');
  const before = harness.mailbox.mails.length;
  for (const email of ['done@example.com', 'nobody@example.com', 'waiting@example.com'])
    expect(await harness.client().mutate('resendVerificationEmail', { email }, 'email')).toEqual({ email, errors: [] });
  await harness.mailbox.mailTo('waiting@example.com', 2);
  expect(harness.mailbox.mails).toHaveLength(before + 1);
});

test('the database holds neither tokens nor passwords, and neither does the log', async () => {
  await register({ username: 'secretive', email: 'secretive@example.com' });
  const token = await harness.mailbox.tokenTo('secretive@example.com');
  const { sql } = harness.app.services.database;
  for (const table of ['users', 'mailed_tokens', 'every_event', 'jobs']) {
    const rows = await sql.rows<{ text: string }>(`select row_to_json(t)::text as text from ${table} t`);
    expect(rows.filter(({ text }) => text.includes(token) || text.includes(password))).toEqual([]);
  }
  expect(harness.logged.join('')).not.toContain(token);
  expect(harness.logged.join('')).not.toContain(password);
});
