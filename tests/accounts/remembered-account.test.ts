import { beforeAll, expect, jest, test } from '@jest/globals';
import { rememberedColumns } from '../../src/accounts/remembered-account.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { begin, confirm, disable, nextCode } from '../support/second-factor.js';
import { hearAllLate, withoutSignals } from '../support/signals.js';

let harness: Harness;
let person: Client;
let elsewhere: Client;
beforeAll(async () => {
  harness = await Harness.start();
  person = await harness.person('remembered');
  const other = await harness.another();
  for (const app of [harness.app, other]) hearAllLate(app, 30);
  elsewhere = Object.assign(new Client(other.url), { token: person.token });
});

const sql = () => harness.app.services.database.sql;
const shownOf = async (client: Client, field: string): Promise<unknown> =>
  (await client.ask(`{ viewer { ${field} } }`)).data['viewer']?.[field];

/** Statements of one request; the lowest number of several, because jobs send some meanwhile. */
async function statements(fields: string): Promise<string[]> {
  const tries: string[][] = [];
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const sent = jest.spyOn(sql(), 'rows');
    expect((await person.ask(`{ viewer { ${fields} } }`)).codes).toEqual([]);
    tries.push(sent.mock.calls.map(([text]) => text));
    sent.mockRestore();
  }
  return tries.sort((one, other) => one.length - other.length)[0] ?? [];
}

const nine =
  'id username email fullName isVerified isAdmin twoFactorEnabled createdAt roles { name permissions { name } }';

test('what changes rarely takes no statement; the last sign-in and locks take one', async () => {
  expect(await statements(nine)).toEqual([]);
  for (const field of ['lastLoginAt', 'lockedUntil', 'isLocked'])
    expect(await statements(`${nine} ${field}`)).toEqual([expect.stringContaining('from users u where u.id = any')]);
});

test('what is remembered is the same as what is read', async () => {
  const more = `${nine} firstName lastName avatarUrl bio location website timezone language emailNotifications isActive
    passwordChangedAt version`;
  const [remembered, read] = [
    await person.ask(`{ viewer { ${more} } }`),
    await person.ask(`{ viewer { ${more} lastLoginAt } }`),
  ];
  const { lastLoginAt, ...rest } = read.data['viewer'] as unknown as Record<string, unknown>;
  expect(lastLoginAt).toEqual(expect.any(String));
  expect(remembered.data['viewer']).toEqual(rest);
});

const timezones = ['Europe/Berlin', 'Asia/Tokyo'];
/** Values that another program writes into the columns of an account, and the field that shows them. */
const written: Record<string, readonly [field: string, value: unknown, shown?: unknown]> = {
  username: ['username', 'renamed'],
  email: ['email', 'renamed@example.com'],
  first_name: ['firstName', 'Ada'],
  last_name: ['lastName', 'Lovelace'],
  avatar_url: ['avatarUrl', 'https://example.com/ada.png'],
  bio: ['bio', 'Wrote the first program.'],
  location: ['location', 'London'],
  website: ['website', 'https://example.com'],
  timezone: ['timezone', timezones[0]],
  language: ['language', 'de'],
  email_notifications: ['emailNotifications', false],
  is_admin: ['isAdmin', true],
  is_verified: ['isVerified', false],
  password_changed_at: ['passwordChangedAt', '2020-01-02T03:04:05.000Z'],
  created_at: ['createdAt', '2020-01-02T03:04:05.000Z'],
  version: ['version', 7],
};

test('the list of columns below is whole', () => {
  const columns = [...rememberedColumns.matchAll(/(?<=^|, |, \n\s*)u\.(\w+)/g)].map(([, column]) => column);
  // A deactivated account has no viewer.
  expect(new Set(columns)).toEqual(new Set(['id', 'is_active', ...Object.keys(written)]));
});

test.each(Object.entries(written))('a change of %s by SQL is heard', async (column, [field, value]) => {
  await shownOf(elsewhere, field);
  await sql().rows(`update users set ${column} = $2 where id = $1`, [String(person.userId), value as string]);
  await eventually(async () => (await shownOf(elsewhere, field)) === value);
  expect(await shownOf(person, field)).toBe(value);
});

test('a second factor that is switched on or off is seen at once in another process', async () => {
  const client = await harness.person('factor');
  const there = Object.assign(new Client(elsewhere.url), { token: client.token });
  expect(await shownOf(there, 'twoFactorEnabled')).toBe(false);
  const secret = String((await begin(client))['secret']);
  expect(await shownOf(there, 'twoFactorEnabled')).toBe(false);
  expect((await confirm(client, nextCode(harness, secret)))['errors']).toEqual([]);
  expect(await shownOf(there, 'twoFactorEnabled')).toBe(true);
  expect((await disable(client, nextCode(harness, secret)))['errors']).toEqual([]);
  expect(await shownOf(there, 'twoFactorEnabled')).toBe(false);
});

test('an API token sees of its own account what a session sees, and changes of it at once', async () => {
  const client = await harness.person('scripted');
  const input = { name: 'script', scopes: ['profile:read'] };
  const token = String((await client.mutate('createApiToken', input, 'token'))['token']);
  const script = new Client(elsewhere.url, { 'x-api-key': token });
  expect(await shownOf(script, 'firstName')).toBeNull();
  await client.mutate('updateProfile', { firstName: 'Grace' }, 'user { id }');
  expect(await shownOf(script, 'firstName')).toBe('Grace');
  expect((await script.ask('{ viewer { email roles { name } } }')).data['viewer']).toEqual({
    email: 'scripted@example.com',
    roles: [{ name: 'user' }],
  });
});

test('while signals cannot be heard, each request reads the account', async () => {
  const client = await harness.person('unheard');
  const restore = await withoutSignals(harness.app);
  await sql().rows("update users set bio = 'first' where id = $1", [String(client.userId)]);
  expect(await shownOf(client, 'bio')).toBe('first');
  await sql().rows("update users set bio = 'second' where id = $1", [String(client.userId)]);
  expect(await shownOf(client, 'bio')).toBe('second');
  await restore();
  expect(await shownOf(client, 'bio')).toBe('second');
});
