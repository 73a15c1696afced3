import { beforeAll, describe, expect, test } from '@jest/globals';
import { simpleParser } from 'mailparser';
import { days, hours, minutes, seconds } from '../../src/clock.js';
import { ConfigError, loadConfig } from '../../src/config.js';
import * as accountMails from '../../src/mail/account-mails.js';
import * as emailChangeMails from '../../src/mail/email-change-mails.js';
import * as signInMails from '../../src/mail/sign-in-mails.js';
import type { Message } from '../../src/mail/transport.js';
import * as twoFactorMails from '../../src/mail/two-factor-mails.js';
import { deviceName } from '../../src/texts/device-name.js';
import { makeToken } from '../support/api-tokens.js';
import { Harness, password } from '../support/harness.js';

const publicUrl = 'https://accounts.example.org';
const at = new Date('2026-11-26T08:00:00Z');
const mailed = { token: 'abcdefghijklmnop', lifetime: minutes(10) };

/** Names that mail programs turn into links, in every form that a text of another user can have. */
const hostile = [
  'www.win-a-prize.example.com',
  'win-a-prize.example.com',
  'http://win.example.com/x',
  'ada@win.example.com',
  'visit www.win.example.com now',
  'пример.example.com',
];

type Make = (text: string) => Message;
const to = 'ada@example.com';
const asking = (userAgent: string) => ({ at, address: '::1', device: deviceName(userAgent) });
/** Every kind of mail, with a text in each place that other users can fill. */
const kinds: Record<string, Make> = {
  verificationMail: (text) => accountMails.verificationMail(to, text, publicUrl, asking(text), mailed, mailed),
  registrationDisownedMail: (text) => accountMails.registrationDisownedMail(to, text, publicUrl, mailed),
  alreadyRegisteredMail: (text) => accountMails.alreadyRegisteredMail(to, text, publicUrl),
  resetMail: (text) => accountMails.resetMail(to, text, publicUrl, mailed),
  passwordChangedMail: (text) => accountMails.passwordChangedMail(to, text, publicUrl),
  roleGrantedMail: (text) => accountMails.roleGrantedMail(to, text, publicUrl, text, at),
  roleExpiringMail: (text) => accountMails.roleExpiringMail(to, text, publicUrl, text, at),
  givenRoleExpiringMail: (text) =>
    accountMails.givenRoleExpiringMail(to, text, publicUrl, { holder: text, role: text }, at),
  apiTokenMail: (text) => accountMails.apiTokenMail(to, text, publicUrl, { name: text, scopes: [text] }, at),
  emailChangeMail: (text) => emailChangeMails.emailChangeMail(to, text, publicUrl, mailed),
  emailChangeNoticeMail: (text) => emailChangeMails.emailChangeNoticeMail(to, text, publicUrl, mailed),
  emailChangeUndoneMail: (text) => emailChangeMails.emailChangeUndoneMail(to, text, publicUrl, mailed),
  addressReplacedMail: (text) => emailChangeMails.addressReplacedMail(to, text, publicUrl),
  lockedMail: (text) => signInMails.lockedMail(to, text, publicUrl, at),
  newDeviceMail: (text) => signInMails.newDeviceMail(to, text, publicUrl, deviceName(text), '::1', at),
  refreshTokenReusedMail: (text) => signInMails.refreshTokenReusedMail(to, text, publicUrl, deviceName(text), at),
  twoFactorEnabledMail: (text) => twoFactorMails.twoFactorEnabledMail(to, text, publicUrl),
  twoFactorDisabledMail: (text) => twoFactorMails.twoFactorDisabledMail(to, text, publicUrl),
  recoveryCodesRegeneratedMail: (text) => twoFactorMails.recoveryCodesRegeneratedMail(to, text, publicUrl),
  recoveryCodeUsedMail: (text) => twoFactorMails.recoveryCodeUsedMail(to, text, publicUrl, 3),
};

/** Links that a mail program would show; mailparser detects them in plain text like such programs. */
async function linksIn({ subject, text }: Message): Promise<string[]> {
  const source = `Subject: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${subject}\r\n${text}`;
  const { textAsHtml = '' } = await simpleParser(source);
  return [...textAsHtml.matchAll(/href="([^"]*)"/g)].map(([, href = '']) => href);
}

test('every kind of mail is tried', () => {
  const modules = [accountMails, emailChangeMails, signInMails, twoFactorMails];
  expect(Object.keys(kinds).sort()).toEqual(modules.flatMap((module) => Object.keys(module)).sort());
});

test('the reader of links finds those of the hostile names', async () => {
  for (const text of hostile)
    expect((await linksIn({ to, subject: '', text: `Hello ${text},` })).length).toBeGreaterThan(0);
});

test.each(Object.keys(kinds))('%s holds no link but our own, whatever others are called', async (kind) => {
  for (const text of hostile) {
    const links = await linksIn((kinds[kind] as Make)(text));
    expect(links.filter((href) => !href.startsWith(publicUrl))).toEqual([]);
  }
});

test('a greeting holds a plain name, and neither a telephone number nor a name with dots', () => {
  const greetingOf = (name: string | null) => accountMails.passwordChangedMail(to, name, publicUrl).text.split('\n')[0];
  expect(['ada', 'ada_l-7', 'ада', 'zoë2026'].map(greetingOf)).toEqual([
    ...['Hello ada,', 'Hello ada_l-7,', 'Hello ада,', 'Hello zoë2026,'],
  ]);
  const left = ['ada.lovelace', '1-800-555-1234', '0900_12_34', '+15551234567', 'a@b', 'tel:1', null];
  expect(new Set(left.map(greetingOf))).toEqual(new Set(['Hello,']));
});

test.each([
  [minutes(10), '10 minutes'],
  [hours(24), '24 hours'],
  [days(7), '7 days'],
  [days(1) + hours(1), '25 hours'],
  [seconds(90), '90 seconds'],
  [minutes(1), '60 seconds'],
])('a link of %i ms says so', (lifetime, words) => {
  for (const text of [
    accountMails.resetMail(to, null, publicUrl, { token: 't', lifetime }).text,
    accountMails.verificationMail(to, null, publicUrl, asking(''), { token: 't', lifetime }, mailed).text,
    accountMails.verificationMail(to, null, publicUrl, asking(''), mailed, { token: 't', lifetime }).text,
    accountMails.registrationDisownedMail(to, null, publicUrl, { token: 't', lifetime }).text,
    emailChangeMails.emailChangeMail(to, null, publicUrl, { token: 't', lifetime }).text,
    emailChangeMails.emailChangeNoticeMail(to, null, publicUrl, { token: 't', lifetime }).text,
    emailChangeMails.emailChangeUndoneMail(to, null, publicUrl, { token: 't', lifetime }).text,
  ])
    expect(text).toContain(words);
});

describe('as it is received', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await Harness.start({ SERVICE_NAME: 'Küche & Co', PASSWORD_RESET_LIFETIME: '20m' });
  });

  test('where an address is still to be confirmed no name is said', async () => {
    const email = 'victim@example.com';
    await harness.client().mutate('register', { username: 'claudia', email, password }, 'email');
    await harness.client().mutate('requestPasswordReset', { email }, 'email');
    await harness.mailbox.mailTo(email, 2);
    for (const { text } of harness.mailbox.mails) expect(text).not.toContain('claudia');
  });

  test('every mail carries the name of the service, and the links their lifetimes', async () => {
    const ada = await harness.person('ada');
    await makeToken(ada, []);
    await harness.client().mutate('requestPasswordReset', { email: 'ada@example.com' }, 'email');
    await harness.mailbox.mailTo('ada@example.com', 3);
    for (const { text } of harness.mailbox.mails) expect(text).toContain('Küche & Co');
    expect(harness.mailbox.mails.filter(({ text }) => text.includes('for 20 minutes'))).toHaveLength(2);
    expect(harness.mailbox.mails.filter(({ text }) => text.includes('for 24 hours')).length).toBeGreaterThan(0);
  });

  test('it comes from the name of the service', async () => {
    await harness.client().mutate('register', { username: 'frieda', email: 'frieda@example.com', password }, 'email');
    const { from } = await harness.mailbox.mailTo('frieda@example.com');
    expect(from).toEqual({ name: 'Küche & Co', address: 'gatehouse@localhost' });
  });
});

describe('MAIL_FROM', () => {
  test.each([
    'nobody',
    'Gatehouse',
    'Gatehouse <gatehouse>',
    'Gatehouse <not an address>',
    'Gatehouse <>',
    '<@example.com>',
    'a@b@c',
    'one@example.com, two@example.com',
    'Group: one@example.com;',
    'Gatehouse <mail@exa mple.com>',
    'Gatehouse <mail@-.com',
    'a\r\nBcc: b@example.com',
    'Gatehouse <mail@example.com>\nBcc: b@example.com',
    'mail@example..com',
    'Ada, Bob <mail@example.com>',
    'Gatehouse mail@example.com',
    '<mail@example.com',
    'Gatehouse <mail@example.com> <other@example.com>',
  ])('%j stops the start by its name', (value) => {
    expect(() => loadConfig({ MAIL_FROM: value })).toThrow(ConfigError);
    expect(() => loadConfig({ MAIL_FROM: value })).toThrow('MAIL_FROM');
  });

  test.each([
    ['mail@example.com', { name: '', address: 'mail@example.com' }],
    ['Gatehouse <gatehouse@localhost>', { name: 'Gatehouse', address: 'gatehouse@localhost' }],
    ['"Küche, Bad & Co" <mail+a@küche.example>', { name: 'Küche, Bad & Co', address: 'mail+a@küche.example' }],
  ])('%j is taken', (value, from) => {
    expect(loadConfig({ MAIL_FROM: value }).mail.from).toEqual(from);
  });

  test('without it the service sends under its name', () => {
    expect(loadConfig({ SERVICE_NAME: 'Ours' }).mail.from).toEqual({ name: 'Ours', address: 'gatehouse@localhost' });
  });
});
