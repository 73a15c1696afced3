import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { days, hours, minutes } from '../../src/clock.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { equip } from '../support/second-factor.js';

let harness: Harness;
let owner: Client;
let name: string;
let count = 0;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.close());
beforeEach(async () => {
  count += 1;
  name = `owner${count}`;
  owner = await harness.person(name);
});

const old = () => `${name}@example.com`;
const fresh = (which = 'new') => `${which}.${name}@example.org`;
const invalid = { user: null, errors: [{ code: 'INVALID_TOKEN', field: ['input', 'token'] }] };
const sql = () => harness.app.services.database.sql;
const request = (newEmail: string, client = owner, currentPassword = password) =>
  client.mutate('requestEmailChange', { newEmail, currentPassword }, 'email');
const confirm = (token: string, client = harness.client()) =>
  client.mutate('confirmEmailChange', { token }, 'user { id email isVerified }');
const undo = (token: string, client = harness.client()) =>
  client.mutate('undoEmailChange', { token }, 'user { id email }');
const linkTo = (to: string, purpose: string, nth = 1) =>
  eventually(() => {
    const mails = harness.mailbox.mails.filter((mail) => mail.to === to && mail.text.includes(`/${purpose}?`));
    return /token=([\w-]+)/.exec(mails[nth - 1]?.text ?? '')?.[1];
  });
const emailOf = async () =>
  (await sql().row<{ email: string }>('select email from users where id = $1', [String(owner.userId)]))?.email;
async function changeTo(address: string, client = owner): Promise<void> {
  await request(address, client);
  expect((await confirm(await linkTo(address, 'confirm-email-change')))['errors']).toEqual([]);
}

test('the new address is confirmed by mail before it counts', async () => {
  expect(await request(fresh().toUpperCase())).toEqual({ email: fresh(), errors: [] });
  expect(await emailOf()).toBe(old());
  const token = await linkTo(fresh(), 'confirm-email-change');
  expect(await confirm(token)).toEqual({ user: { id: owner.userId, email: fresh(), isVerified: true }, errors: [] });
  expect((await harness.client().login(fresh(), password))['errors']).toEqual([]);
  expect((await harness.client().login(old(), password))['errors']).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
  expect(await confirm(token)).toEqual(invalid);
});

test('the password is asked for, and a stranger’s session is no help', async () => {
  expect(await request(fresh(), owner, 'not the password')).toMatchObject({
    email: null,
    errors: [{ code: 'INVALID_CREDENTIALS', field: ['input', 'currentPassword'] }],
  });
  for (const bad of ['', 'nonsense', old(), `${'x'.repeat(250)}@example.org`])
    expect((await request(bad))['errors']).toEqual([{ code: 'INVALID_INPUT', field: ['input', 'newEmail'] }]);
});

test('an address of somebody else is answered alike; its owner is told and gets no link', async () => {
  await harness.person(`taken${count}`);
  const taken = `taken${count}@example.com`;
  expect(await request(taken)).toEqual({ email: taken, errors: [] });
  const { text } = await harness.mailbox.mailTo(taken, 2);
  expect(text).not.toContain('token=');
});

test('an address that was taken in the meantime is refused, in a race too', async () => {
  const rival = await harness.person(`rival${count}`);
  await request(fresh());
  await request(fresh(), rival);
  const tokens = [
    await linkTo(fresh(), 'confirm-email-change', 1),
    await linkTo(fresh(), 'confirm-email-change', 2),
  ] as const;
  const codes = (await Promise.all(tokens.map((token) => confirm(token)))).map(({ errors }) => errors[0]?.['code']);
  expect(codes.sort()).toEqual(['EMAIL_TAKEN', undefined]);
});

test.each(['confirm', 'undo'])('twenty parallel uses of one link to %s make one success', async (way) => {
  await request(fresh());
  const [to, purpose, use] =
    way === 'confirm' ? [fresh(), 'confirm-email-change', confirm] : [old(), 'undo-email-change', undo];
  const token = await linkTo(String(to), String(purpose));
  const other = await harness.another();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => (use as typeof undo)(token, new Client(n % 2 ? other.url : harness.app.url))),
  );
  expect(answers.filter(({ errors }) => !errors[0])).toHaveLength(1);
});

const deaths: [string, () => Promise<unknown>][] = [
  ['after 24 hours', async () => harness.clock.advance(hours(24))],
  ['after a newer one', () => request(fresh('newer'))],
  [
    'after the password was changed',
    () =>
      owner.mutate('changePassword', { currentPassword: password, newPassword: 'changed by its owner' }, 'user { id }'),
  ],
  [
    'after the address it was made for was changed',
    () => sql().rows('update users set email = $2 where id = $1', [String(owner.userId), fresh('moved')]),
  ],
  ['after the change was undone', async () => undo(await linkTo(old(), 'undo-email-change'))],
];
test.each(deaths)('a link that confirms is dead %s', async (_when, die) => {
  await request(fresh());
  const token = await linkTo(fresh(), 'confirm-email-change');
  await die();
  expect(await confirm(token)).toEqual(invalid);
});

test('the old address undoes the change, signs everybody out and gets a link for a new password', async () => {
  const other = await harness.another();
  const thief = new Client(other.url);
  await thief.login(name, password);
  await changeTo(fresh(), thief);
  expect(await undo(await linkTo(old(), 'undo-email-change'))).toEqual({
    user: { id: owner.userId, email: old() },
    errors: [],
  });
  await eventually(async () => (await thief.ask('{ viewer { id } }')).codes[0] === 'UNAUTHENTICATED');
  // The thief knows the password, so it was removed and no sign-in works until a new one is set.
  expect((await harness.client().login(old(), password))['errors']).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
  const token = await linkTo(old(), 'reset-password');
  const newPassword = 'known to its owner alone';
  expect((await harness.client().mutate('resetPassword', { token, newPassword }, 'user { id }'))['errors']).toEqual([]);
  expect((await harness.client().login(old(), newPassword))['errors']).toEqual([]);
});

describe('a second factor', () => {
  const equipped = async () =>
    (await sql().rows('select 1 from two_factors where user_id = $1', [String(owner.userId)])).length > 0;

  test('that was enrolled since the change was asked for goes when it is undone', async () => {
    await changeTo(fresh());
    harness.clock.advance(minutes(5));
    await equip(harness, name, owner);
    expect((await undo(await linkTo(old(), 'undo-email-change')))['errors']).toEqual([]);
    expect(await equipped()).toBe(false);
    const codes = await sql().rows('select 1 from recovery_codes where user_id = $1', [String(owner.userId)]);
    expect(codes).toEqual([]);
  });

  test('that is older stays', async () => {
    await equip(harness, name, owner);
    harness.clock.advance(minutes(5));
    await changeTo(fresh());
    expect((await undo(await linkTo(old(), 'undo-email-change')))['errors']).toEqual([]);
    expect(await equipped()).toBe(true);
  });
});

test('a thief who changes address and password again cannot keep the owner from undoing it', async () => {
  await changeTo(fresh('one'));
  await changeTo(fresh('two'));
  await owner.mutate(
    'changePassword',
    { currentPassword: password, newPassword: 'the thief’s own phrase' },
    'user { id }',
  );
  const thiefs = await linkTo(fresh('one'), 'undo-email-change');
  expect((await undo(await linkTo(old(), 'undo-email-change')))['errors']).toEqual([]);
  expect(await emailOf()).toBe(old());
  expect(await undo(thiefs)).toEqual(invalid);
});

test('nor by undoing what they changed last: the earlier link outlives the later one, and not the other way round', async () => {
  await changeTo(fresh('thief'));
  await request(fresh('second'));
  const thiefs = await linkTo(fresh('thief'), 'undo-email-change');
  expect((await undo(thiefs))['errors']).toEqual([]);
  expect(await emailOf()).toBe(fresh('thief'));
  expect((await undo(await linkTo(old(), 'undo-email-change')))['errors']).toEqual([]);
  expect(await emailOf()).toBe(old());
});

test('what was mailed to an address is dead once it was changed, also when it comes back', async () => {
  await harness.client().mutate('requestPasswordReset', { email: old() }, 'email');
  const token = await linkTo(old(), 'reset-password');
  await changeTo(fresh());
  await request(old());
  expect((await confirm(await linkTo(old(), 'confirm-email-change')))['errors']).toEqual([]);
  expect(await emailOf()).toBe(old());
  const newPassword = 'known to a reader of old mail';
  expect((await harness.client().mutate('resetPassword', { token, newPassword }, 'user { id }'))['errors']).toEqual(
    invalid.errors,
  );
});

const meanwhile: [string, () => Promise<unknown>][] = [
  [
    'a reset of the password',
    async () => {
      await harness.client().mutate('requestPasswordReset', { email: old() }, 'email');
      const token = await linkTo(old(), 'reset-password');
      await harness.client().mutate('resetPassword', { token, newPassword: 'the owner has it back' }, 'user { id }');
    },
  ],
  ['the end of the session', () => owner.ask('mutation { logout { session { id } } }')],
];
test.each(meanwhile)('a request that is under way mails no link after %s', async (_what, happens) => {
  const { passwords } = harness.app.services;
  const watched = jest.spyOn(passwords, 'verify').mockImplementation(async (hash, tried) => {
    watched.mockRestore();
    const matches = await passwords.verify(hash, tried);
    await happens();
    return matches;
  });
  const input = { newEmail: fresh(), currentPassword: password };
  const query = 'mutation ($input: RequestEmailChangeInput!) { requestEmailChange(input: $input) { email } }';
  expect((await owner.ask(query, { input })).codes).toEqual(['UNAUTHENTICATED']);
  const left = `select 1 from mailed_tokens where user_id = $1 and purpose in ('confirm-email-change', 'undo-email-change')`;
  expect(await sql().rows(left, [String(owner.userId)])).toEqual([]);
});

test('an address that was given up is held while the change can be undone', async () => {
  await changeTo(fresh());
  const squatter = harness.client();
  const registration = { username: `squatter${count}`, email: old(), password };
  expect((await squatter.mutate('register', registration, 'email'))['errors']).toEqual([]);
  expect(await sql().rows('select 1 from users where email = $1', [old()])).toEqual([]);
  expect((await undo(await linkTo(old(), 'undo-email-change')))['errors']).toEqual([]);
});

test('the link that undoes is dead after a week, and the address is free again', async () => {
  await changeTo(fresh());
  const token = await linkTo(old(), 'undo-email-change');
  harness.clock.advance(days(7));
  expect(await undo(token)).toEqual(invalid);
  await harness.client().mutate('register', { username: `heir${count}`, email: old(), password }, 'email');
  expect(await sql().rows('select 1 from users where email = $1', [old()])).toHaveLength(1);
});
