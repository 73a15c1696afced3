import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { makeToken } from '../support/api-tokens.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { RawSocket } from '../support/raw-socket.js';

let harness: Harness;
let owner: Client;
let name: string;
let count = 0;
beforeAll(async () => {
  // The losers of a race then present a wrong password, which must not lock the account here.
  harness = await Harness.start({ LOCKOUT_ATTEMPTS: '100' });
});
afterAll(() => harness.close());
beforeEach(async () => {
  count += 1;
  name = `owner${count}`;
  owner = await harness.person(name);
});

const next = 'quite another passphrase';
const change = (client: Client, currentPassword: string, newPassword: string) =>
  client.mutate('changePassword', { currentPassword, newPassword }, 'user { id }');
const isRefused = async (client: Client) => (await client.ask('{ viewer { id } }')).codes[0] === 'UNAUTHENTICATED';

test('it ends every other session in every process, and not the one it was made in', async () => {
  const other = await harness.another();
  const elsewhere = new Client(other.url);
  await elsewhere.login(name, password);
  const here = harness.client();
  await here.login(name, password);
  const [shut, open] = [await RawSocket.open(other.url, here.token), await RawSocket.open(other.url, owner.token)];
  expect(await change(owner, password, next)).toMatchObject({ user: { id: owner.userId }, errors: [] });
  expect(await isRefused(here)).toBe(true);
  await eventually(() => isRefused(elsewhere));
  expect((await owner.ask('{ viewer { id } }')).data['viewer']).toEqual({ id: owner.userId });
  expect(await shut.closure()).toBe(4401);
  expect(open.closed).toBeUndefined();
  expect((await harness.client().login(name, next))['errors']).toEqual([]);
  expect((await harness.client().login(name, password))['errors']).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
  const { text } = await harness.mailbox.mailTo(`${name}@example.com`, 2);
  expect(text).not.toMatch(/token=/);
});

test('it revokes API tokens, which a thief may have made, unless they are to be kept', async () => {
  const { token } = await makeToken(owner, ['profile:read']);
  const script = harness.client();
  script.token = token;
  const kept = { currentPassword: password, newPassword: next, keepApiTokens: true };
  expect((await owner.mutate('changePassword', kept, 'user { id }'))['errors']).toEqual([]);
  expect((await script.ask('{ viewer { id } }')).codes).toEqual([]);
  expect((await change(owner, next, password))['errors']).toEqual([]);
  expect(await isRefused(script)).toBe(true);
});

test('of twenty parallel changes one is made', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => change(owner, password, `${next} ${n}`)));
  const winners = answers.flatMap(({ errors }, n) => (errors[0] ? [] : [n]));
  expect(winners).toHaveLength(1);
  expect((await harness.client().login(name, `${next} ${winners[0]}`))['errors']).toEqual([]);
});

const refusals: [string, string, string, string][] = [
  ['a wrong password', 'not the password', 'INVALID_CREDENTIALS', 'currentPassword'],
  ['no password', '', 'INVALID_CREDENTIALS', 'currentPassword'],
  ['the password of before', password, 'INVALID_INPUT', 'newPassword'],
];
test.each(refusals)('%s changes nothing', async (_what, current, code, field) => {
  const replacement = code === 'INVALID_INPUT' ? password : next;
  expect((await change(owner, current, replacement))['errors']).toEqual([{ code, field: ['input', field] }]);
  expect((await harness.client().login(name, password))['errors']).toEqual([]);
});

test.each([
  ['short', 'PASSWORD_TOO_SHORT'],
  ['x'.repeat(129), 'PASSWORD_TOO_LONG'],
  ['password1', 'PASSWORD_TOO_WEAK'],
])('the new one must be good enough: %p', async (newPassword, code) => {
  const { errors } = await change(owner, password, newPassword);
  expect(errors).toEqual([{ code, field: ['input', 'newPassword'] }]);
});

test('the owner’s name is no password, here as at registration', async () => {
  const { errors } = await change(owner, password, `${name}@example.com`);
  expect(errors).toEqual([{ code: 'PASSWORD_TOO_WEAK', field: ['input', 'newPassword'] }]);
});

test('another user’s password is no proof', async () => {
  const stranger = await harness.person(`stranger${count}`);
  await change(stranger, password, 'the stranger’s own phrase');
  expect((await change(stranger, password, next))['errors']).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
});
