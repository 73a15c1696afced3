import { beforeAll, describe, expect, test } from '@jest/globals';
import { simpleParser } from 'mailparser';
import { days, hours, minutes, seconds } from '../../src/clock.js';
import { ConfigError, loadConfig } from '../../src/config.js';
import { type Kind, kindNames } from '../../src/mail/texts/kinds.js';
import { languages } from '../../src/mail/texts/languages.js';
import type { Message } from '../../src/mail/transport.js';
import { makeToken } from '../support/api-tokens.js';
import { Harness, password } from '../support/harness.js';
import { ada, mailsOf, publicUrl, written } from '../support/written-mails.js';

/** Names that mail programs turn into links, in every form that a text of another user can have. */
const hostile = [
  'www.win-a-prize.example.com',
  'win-a-prize.example.com',
  'http://win.example.com/x',
  'ada@win.example.com',
  'visit www.win.example.com now',
  'пример.example.com',
];

/** Links that a mail program would show; mailparser detects them in plain text like such programs. */
async function linksIn(text: string): Promise<string[]> {
  const source = `Subject: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${text}`;
  const { textAsHtml = '' } = await simpleParser(source);
  return [...textAsHtml.matchAll(/href="([^"]*)"/g)].map(([, href = '']) => href);
}

/** The links of both forms; in HTML those of its elements, and those that a program finds between them. */
async function linksOf({ subject, text, html = '' }: Pick<Message, 'subject' | 'text' | 'html'>): Promise<string[]> {
  const shown = html.replaceAll(/<style>[\s\S]*?<\/style>|<[^>]*>/g, ' ').replaceAll('&#39;', "'");
  const anchors = [...html.matchAll(/href="([^"]*)"/g)].map(([, href = '']) => href);
  return [...anchors, ...(await linksIn(`${subject}\r\n${text}`)), ...(await linksIn(shown))];
}

test('the reader of links finds those of the hostile names, in both forms', async () => {
  for (const name of hostile) {
    expect((await linksOf({ subject: '', text: `Hello ${name},` })).length).toBeGreaterThan(0);
    expect((await linksOf({ subject: '', text: '', html: `<p>Hello ${name},</p>` })).length).toBeGreaterThan(0);
  }
});

describe.each(languages)('in the language %s', (language) => {
  test.each(kindNames)('%s holds no link but our own, whatever others are called', async (kind) => {
    for (const name of hostile) {
      const links = await linksOf(written(kind, { language, name }));
      expect(links.filter((href) => !href.startsWith(publicUrl))).toEqual([]);
    }
  });
});

test('a greeting holds a plain name, and neither a telephone number nor a name with dots', () => {
  const greetingOf = (username: string | null) =>
    mailsOf()
      .write('password-changed', { ...ada, username }, {})
      .text.split('\n')[0];
  expect(['ada', 'ada_l-7', 'ада', 'zoë2026'].map(greetingOf)).toEqual([
    ...['Hello ada,', 'Hello ada_l-7,', 'Hello ада,', 'Hello zoë2026,'],
  ]);
  const left = ['ada.lovelace', '1-800-555-1234', '0900_12_34', '+15551234567', 'a@b', 'tel:1', null];
  expect(new Set(left.map(greetingOf))).toEqual(new Set(['Hello,']));
});

const withLinks: readonly Kind[] = [
  'verification',
  'registration-disowned',
  'password-reset',
  'email-change',
  'email-change-notice',
  'email-change-undone',
];

test.each([
  [minutes(10), '10 minutes', '10 Minuten'],
  [hours(24), '24 hours', '24 Stunden'],
  [days(7), '7 days', '7 Tage'],
  [days(1) + hours(1), '25 hours', '25 Stunden'],
  [seconds(90), '90 seconds', '90 Sekunden'],
  [minutes(1), '60 seconds', '60 Sekunden'],
])('a link of %i ms says so, in both forms and languages', (lifetime, ...words) => {
  for (const [index, language] of (['en', 'de'] as const).entries())
    for (const kind of withLinks) {
      const { text, html } = written(kind, { language, lifetime });
      const links = kind === 'verification' ? 2 : 1;
      expect(text.split(words[index] as string)).toHaveLength(links + 1);
      expect((html ?? '').split(words[index] as string)).toHaveLength(links + 1);
    }
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
