import { beforeAll, describe, expect, test } from '@jest/globals';
import { announceExpiry } from '../../src/access/grants/announce-expiry.js';
import { days, seconds } from '../../src/clock.js';
import { de } from '../../src/mail/texts/de.js';
import { en } from '../../src/mail/texts/en.js';
import { type Kind, kindNames } from '../../src/mail/texts/kinds.js';
import { acceptedLanguage, bestLanguage } from '../../src/mail/texts/languages.js';
import { asSystem } from '../../src/open-services.js';
import { makeToken } from '../support/api-tokens.js';
import type { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { give, makeRole } from '../support/roles.js';
import {
  begin,
  challenge,
  complete,
  confirm,
  disable,
  nextCode,
  regenerate,
  wrongCodeFor,
} from '../support/second-factor.js';
import { ada, at, mailsOf } from '../support/written-mails.js';

test.each([
  [['de'], 'de'],
  [['de-AT'], 'de'],
  [['DE'], 'de'],
  [['en-GB'], 'en'],
  [['fr', 'de'], 'de'],
  [['fr'], 'en'],
  [['german'], 'en'],
  [[null, undefined], 'en'],
  [[], 'en'],
])('of %j the language is %s', (tags, language) => {
  expect(bestLanguage(...tags)).toBe(language);
});

test.each([
  ['de-DE,de;q=0.9,en-US;q=0.8', 'de'],
  ['en;q=0.5, de;q=0.7', 'de'],
  ['fr-FR, de;q=0.1', 'de'],
  ['en,de', 'en'],
  ['de;q=0, en', 'en'],
  ['de;q=x', null],
  ['fr, *', null],
  [',;q=1,', null],
  ['', null],
  [undefined, null],
])('a request with Accept-Language %j is answered in %s', (header, language) => {
  expect(acceptedLanguage(header)).toBe(language);
});

test.each([
  [null, null, '2026-11-26 08:00 UTC'],
  ['en', 'UTC', '2026-11-26 08:00 UTC'],
  ['en', 'Europe/Berlin', '2026-11-26 09:00 GMT+1 (Europe/Berlin)'],
  ['en', 'Asia/Kathmandu', '2026-11-26 13:45 GMT+5:45 (Asia/Kathmandu)'],
  ['en', 'America/Los_Angeles', '2026-11-26 00:00 GMT-8 (America/Los_Angeles)'],
  ['en', 'Nowhere/Gone', '2026-11-26 08:00 UTC'],
  ['de', null, '26.11.2026, 08:00 UTC'],
  ['de-CH', 'Europe/Zurich', '26.11.2026, 09:00 GMT+1 (Europe/Zurich)'],
])('for somebody with language %j and time zone %j an instant is %s', (language, timezone, shown) => {
  const { text, html } = mailsOf().write('account-locked', { ...ada, language, timezone }, { until: at });
  expect(text).toContain(` ${shown}. `);
  expect(html).toContain(` ${shown}. `);
});

test('devices and missing values are named in the language of the mail', () => {
  const recipient = { ...ada, language: 'de' };
  const device = (name: string) => mailsOf().write('new-device', recipient, { device: name, address: '::1', time: at });
  expect(device('Firefox on Linux').text).toContain('Firefox unter Linux');
  expect(device('Unknown device').text).toContain('Unbekanntes Gerät');
  const { text } = mailsOf().write('api-token-created', recipient, { name: 'x', scopes: '', time: at });
  expect(text).toMatch(/^Bereiche: keine$/m);
});

test('no subject is the same in both languages', () => {
  for (const kind of kindNames) expect(de.mails[kind].subject).not.toBe(en.mails[kind].subject);
});

describe('the service writes in the language and time zone of the account:', () => {
  let harness: Harness;
  let admin: Client;
  const berlin = { language: 'de-DE', timezone: 'Europe/Berlin' };
  const written = async (to: string, kind: Kind) =>
    eventually(() => harness.mailbox.mails.find((mail) => mail.to === to && mail.subject === de.mails[kind].subject));
  const german = async (username: string): Promise<Client> => {
    const person = await harness.person(username);
    await person.mutate('updateProfile', berlin, 'user { id }');
    return person;
  };
  beforeAll(async () => {
    harness = await Harness.start();
    admin = await harness.admin();
  });

  test('registration, by what the request accepts; and again, by the account', async () => {
    const register = (client: Client, username: string) =>
      client.mutate('register', { username, email: 'neu@example.com', password }, 'email');
    await register(harness.client({ 'accept-language': 'de-DE,en;q=0.5' }), 'neu');
    expect((await written('neu@example.com', 'verification')).text).toContain('Guten Tag,');
    const resend = harness.client({ 'accept-language': 'de' });
    await resend.mutate('resendVerificationEmail', { email: 'neu@example.com' }, 'email');
    expect((await harness.mailbox.mailTo('neu@example.com', 2)).subject).toBe(de.mails.verification.subject);
    await harness.app.services.database.sql.rows("update users set language = 'de' where email = 'neu@example.com'");
    await register(harness.client({ 'accept-language': 'en' }), 'other');
    await written('neu@example.com', 'already-registered');
    const disowned = await harness.mailbox.mailTo('neu@example.com', 2);
    const token = /disown-registration\?token=([\w-]+)/.exec(disowned.text)?.[1];
    await harness.client().mutate('disownRegistration', { token }, 'user { id }');
    await written('neu@example.com', 'registration-disowned');
  });

  test('passwords, addresses and API tokens', async () => {
    const person = await german('petra');
    await makeToken(person, []);
    expect((await written('petra@example.com', 'api-token-created')).text).toMatch(/GMT\+[12] \(Europe\/Berlin\)/);
    await harness.client().mutate('requestPasswordReset', { email: 'petra@example.com' }, 'email');
    await written('petra@example.com', 'password-reset');
    const change = { newEmail: 'petra@new.example.com', currentPassword: password };
    await person.mutate('requestEmailChange', change, 'email');
    await written('petra@new.example.com', 'email-change');
    const { text } = await written('petra@example.com', 'email-change-notice');
    const token = /undo-email-change\?token=([\w-]+)/.exec(text)?.[1];
    await person.mutate('changePassword', { currentPassword: password, newPassword: `${password}!` }, 'user { id }');
    await written('petra@example.com', 'password-changed');
    await harness.client().mutate('undoEmailChange', { token }, 'user { id }');
    await written('petra@example.com', 'email-change-undone');
    await admin.mutate('updateUser', { userId: person.userId, email: 'petra@other.example.com' }, 'user { id }');
    await written('petra@example.com', 'address-replaced');
  });

  test('sign-in and sessions', async () => {
    const person = await german('sigrid');
    await harness.client({ 'user-agent': 'Elsewhere/1.0' }).login('sigrid', password);
    await written('sigrid@example.com', 'new-device');
    const refresh = () => person.mutate('refreshSession', { refreshToken: person.refreshToken }, 'errors { code }');
    await refresh();
    harness.clock.advance(seconds(30));
    await refresh();
    await written('sigrid@example.com', 'refresh-token-reused');
    for (let n = 0; n < 5; n += 1) await harness.client().login('sigrid', 'wrong');
    await written('sigrid@example.com', 'account-locked');
  });

  test('the second factor, and its locks', async () => {
    const person = await german('zita');
    const secret = String((await begin(person))['secret']);
    const { recoveryCodes } = await confirm(person, nextCode(harness, secret));
    await written('zita@example.com', 'two-factor-enabled');
    const elsewhere = harness.client({ 'user-agent': 'Elsewhere/1.0' });
    await complete(elsewhere, await challenge(elsewhere, 'zita'), String(recoveryCodes?.[0]));
    await written('zita@example.com', 'recovery-code-used');
    await written('zita@example.com', 'new-device');
    await regenerate(person, nextCode(harness, secret));
    await written('zita@example.com', 'recovery-codes-regenerated');
    await disable(person, nextCode(harness, secret));
    await written('zita@example.com', 'two-factor-disabled');
    const again = String((await begin(person))['secret']);
    for (let n = 0; n < 5; n += 1) await confirm(person, wrongCodeFor(harness, again));
    await written('zita@example.com', 'account-locked');
  });

  test('roles, and their ends to the holder and to who gave them', async () => {
    const holder = await german('rolf');
    await admin.mutate('updateProfile', berlin, 'user { id }');
    const role = await makeRole(admin, { name: 'Timed', level: 5 });
    const end = new Date(harness.clock.now().getTime() + days(3));
    await give(admin, holder, role, end.toISOString());
    expect((await written('rolf@example.com', 'role-granted')).text).toMatch(/bis .* \(Europe\/Berlin\)/);
    await announceExpiry(asSystem(harness.app.services));
    await written('rolf@example.com', 'role-expiring');
    await written('root@example.com', 'given-role-expiring');
  });
});
