import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { days, hours, seconds } from '../../src/clock.js';
import { makeToken } from '../support/api-tokens.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { administrator, Harness, password } from '../support/harness.js';
import { begin, equip } from '../support/second-factor.js';

// A stranger registers with another person's address, and that person confirms it by mistake.

let harness: Harness;
let stranger: Client;
let name: string;
let count = 0;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.close());
beforeEach(() => {
  count += 1;
  name = `stranger${count}`;
  stranger = harness.client({ 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0' });
});

const address = () => `${name}@example.com`;
const invalid = { user: null, deletedUserId: null, errors: [{ code: 'INVALID_TOKEN', field: ['input', 'token'] }] };
const sql = () => harness.app.services.database.sql;
const register = () => stranger.mutate('register', { username: name, email: address(), password }, 'email');
const confirm = async () =>
  harness.client().mutate('verifyEmail', { token: await linkTo(address(), 'verify-email') }, 'user { id }');
const disown = (token: string, more: object = {}, client = harness.client()) =>
  client.mutate('disownRegistration', { token, ...more }, 'user { id } deletedUserId');
const linkTo = (to: string, purpose: string, nth = 1) =>
  eventually(() => {
    const mails = harness.mailbox.mails.filter((mail) => mail.to === to && mail.text.includes(`/${purpose}?`));
    return new RegExp(`/${purpose}\\?token=([\\w-]+)`).exec(mails[nth - 1]?.text ?? '')?.[1];
  });
const rows = async (table: string) =>
  (await sql().rows(`select 1 from ${table} where user_id = $1`, [String(stranger.userId)])).length;

/** Registers the account, confirms the address and signs the stranger in. */
async function settled(): Promise<void> {
  await register();
  await confirm();
  await stranger.login(name, password);
}

test('the mail says when, from where and with which device it was asked', async () => {
  await register();
  const { text } = await harness.mailbox.mailTo(address());
  expect(text).toContain('Firefox on Linux');
  expect(text).toContain('127.0.0.1');
  expect(text).toContain(harness.clock.now().toISOString().slice(0, 10));
});

test('after the confirmation it ends sessions, API tokens, password and second factor', async () => {
  await settled();
  const { token: apiToken } = await makeToken(stranger, ['profile:read']);
  await equip(harness, name, stranger);
  harness.clock.advance(days(6));
  const other = new Client((await harness.another()).url);
  const token = await linkTo(address(), 'disown-registration');
  expect(await disown(token, {}, other)).toEqual({ user: { id: stranger.userId }, deletedUserId: null, errors: [] });
  for (const held of [stranger.token, apiToken]) {
    stranger.token = held;
    expect((await stranger.ask('{ viewer { id } }')).codes).toEqual(['UNAUTHENTICATED']);
  }
  expect(await rows('two_factors')).toBe(0);
  expect(await rows('recovery_codes')).toBe(0);
  expect((await harness.client().login(name, password))['errors']).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);

  const newPassword = 'chosen by the owner of the mailbox';
  const reset = await linkTo(address(), 'reset-password');
  expect(
    (await harness.client().mutate('resetPassword', { token: reset, newPassword }, '__typename'))['errors'],
  ).toEqual([]);
  const owner = harness.client();
  expect((await owner.login(name, newPassword))['result']?.['__typename']).toBe('Authentication');
  expect(await disown(token)).toEqual(invalid);
});

test('what happened is on record', async () => {
  await settled();
  await equip(harness, name, stranger);
  await disown(await linkTo(address(), 'disown-registration'));
  const events = await sql().rows<{ type: string }>('select type from every_event where subject_id = $1', [
    String(stranger.userId),
  ]);
  const types = events.map(({ type }) => type);
  for (const type of ['REGISTRATION_DISOWNED', 'TWO_FACTOR_DISABLED', 'SESSION_REVOKED']) expect(types).toContain(type);
});

test('it deletes the account where that is wanted, before the confirmation too', async () => {
  await register();
  const id = (await sql().row<{ id: string }>('select id from users where username = $1', [name]))?.id;
  expect(await disown(await linkTo(address(), 'disown-registration'), { deleteAccount: true })).toEqual({
    user: null,
    deletedUserId: id,
    errors: [],
  });
  expect(await sql().rows('select 1 from users where id = $1', [String(id)])).toEqual([]);
});

test('a link that verifies is dead once the registration was disowned', async () => {
  await register();
  await disown(await linkTo(address(), 'disown-registration'));
  expect((await confirm())['errors']).toMatchObject([{ code: 'INVALID_TOKEN' }]);
});

const survives: [string, () => Promise<unknown>][] = [
  ['nearly seven days', async () => harness.clock.advance(days(7) - seconds(1))],
  [
    'another password',
    () =>
      stranger.mutate('changePassword', { currentPassword: password, newPassword: 'of the stranger' }, 'user { id }'),
  ],
  ['another second factor', () => begin(stranger)],
];
test.each(survives)('it survives %s', async (_what, happens) => {
  await settled();
  await happens();
  expect((await disown(await linkTo(address(), 'disown-registration')))['errors']).toEqual([]);
});

const deaths: [string, () => Promise<unknown>][] = [
  ['after seven days', async () => harness.clock.advance(days(7))],
  [
    'when the account has another address by now',
    () => sql().rows(`update users set email = 'moved.' || email where username = $1`, [name]),
  ],
  [
    'for an account that was deactivated',
    () => sql().rows('update users set is_active = false where username = $1', [name]),
  ],
];
test.each(deaths)('it is dead %s', async (_when, die) => {
  await settled();
  await die();
  for (const more of [{}, { deleteAccount: true }])
    expect(await disown(await linkTo(address(), 'disown-registration'), more)).toEqual(invalid);
});

test('the link of a later mail takes the place of an earlier one', async () => {
  await register();
  const first = await linkTo(address(), 'disown-registration');
  await harness.client().mutate('resendVerificationEmail', { email: address() }, 'email');
  harness.clock.advance(hours(1));
  const second = await linkTo(address(), 'disown-registration', 2);
  expect(await disown(first)).toEqual(invalid);
  expect((await disown(second))['errors']).toEqual([]);
});

test('twenty parallel uses of one link make one success', async () => {
  await settled();
  const token = await linkTo(address(), 'disown-registration');
  const other = await harness.another();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      disown(token, { deleteAccount: n % 3 === 0 }, new Client(n % 2 ? other.url : harness.app.url)),
    ),
  );
  expect(answers.filter(({ errors }) => !errors[0])).toHaveLength(1);
});

describe('the last administrator', () => {
  test('is not deleted, and the link still holds', async () => {
    const { app } = harness;
    const claim = await sql().row<{ id: string }>('select id from users where username = $1', [administrator.username]);
    const { issueToken } = await import('../../src/accounts/mailed-tokens.js');
    const { asSystem } = await import('../../src/open-services.js');
    const owner = { id: String(claim?.id), email: administrator.email };
    const terms = { purpose: 'disown-registration', lifetime: hours(1) } as const;
    const token = await app.services.database.transaction((tx) => issueToken(tx, asSystem(app.services), owner, terms));
    expect((await disown(token, { deleteAccount: true }))['errors']).toMatchObject([{ code: 'LAST_ADMINISTRATOR' }]);
    expect((await disown(token))['errors']).toEqual([]);
  });
});
