import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { simpleParser } from 'mailparser';
import { pino } from 'pino';
import { minutes } from '../../src/clock.js';
import { loadConfig } from '../../src/config.js';
import { createTransport, type Message } from '../../src/mail/transport.js';
import { FailedForGood } from '../../src/queue/task.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { Mailbox } from '../support/mailbox.js';
import { at, publicUrl, written } from '../support/written-mails.js';

const mailbox = new Mailbox();
let smtpUrl: string;
beforeAll(async () => {
  smtpUrl = await mailbox.listen();
});
afterAll(() => mailbox.close());
beforeEach(() => {
  for (const list of [mailbox.mails, mailbox.named, mailbox.transferred]) list.length = 0;
});

const service = { name: 'Gatehouse', address: 'mail@id.example.com' };
/** Sends a mail to the real server. @returns its source */
async function sent(message: Message, from = service): Promise<string> {
  const config = { ...loadConfig({}), mail: { smtpUrl, from, templates: undefined } };
  const transport = createTransport(config, pino({ level: 'silent' }), () => publicUrl);
  await transport.send(message, new AbortController().signal).finally(() => transport.close());
  return mailbox.transferred.at(-1) ?? '';
}
/** The value of a header, unfolded, as it was transferred. */
const headerIn = (source: string, name: string) => {
  const head = (source.split('\r\n\r\n', 1)[0] ?? '').replaceAll(/\r\n[ \t]/g, ' ');
  return head.split('\r\n').flatMap((line) => (line.startsWith(`${name}: `) ? [line.slice(name.length + 2)] : []));
};
const plain = { to: 'ada@example.com', subject: 'Hello', text: 'Hello\n' };

test('a mail has text and HTML as alternatives, and says that a machine wrote it, and when', async () => {
  const message = written('verification', { language: 'de' });
  const source = await sent(message);
  expect(headerIn(source, 'Content-Type')[0]).toMatch(/^multipart\/alternative;/);
  expect(headerIn(source, 'Auto-Submitted')).toEqual(['auto-generated']);
  expect(headerIn(source, 'X-Auto-Response-Suppress')).toEqual(['All']);
  expect(headerIn(source, 'Message-ID')).toEqual([`<${message.messageId}@id.example.com>`]);
  expect(headerIn(source, 'Date').map((date) => new Date(date))).toEqual([at]);
  const received = await simpleParser(Buffer.from(source, 'latin1'));
  expect([received.text, received.html]).toEqual([message.text, message.html]);
});

test('two mails have two ids, and one that is sent again keeps its own', async () => {
  const [one, other] = [written('password-changed'), written('password-changed')];
  const ids = [await sent(one), await sent(other), await sent(one)].map((source) => headerIn(source, 'Message-ID')[0]);
  expect(ids[2]).toBe(ids[0]);
  expect(new Set(ids).size).toBe(2);
});

const texts = [
  'Küche, Bad & Co',
  '🦊 Fuchs 👩‍👩‍👧‍👦',
  '日本語の件名',
  'ü'.repeat(300),
  'many words '.repeat(40).trim(),
  `a${'b'.repeat(500)}`,
  '"quoted" <x@example.com>, y@example.com;',
  'back\\slash',
];

test.each(texts)('the subject and the sender %j arrive as they are, and are sent as ASCII', async (text) => {
  const source = await sent({ ...plain, subject: text }, { ...service, name: text });
  const head = source.split('\r\n\r\n', 1)[0] ?? '';
  expect(head).toMatch(/^[\t\r\n\x20-\x7e]*$/);
  expect(Math.max(...head.split('\r\n').map((line) => line.length))).toBeLessThan(998);
  const received = await simpleParser(source);
  expect(received.subject).toBe(text);
  expect(received.from?.value).toEqual([{ name: text, address: service.address }]);
});

test.each([
  '=?utf-8?Q?not_encoded?=',
  `=?utf-8?B?${Buffer.from('x\r\nBcc: b@example.com').toString('base64')}?=`,
  `${'=?🦊'.repeat(60)}`,
])('the subject %j, which looks encoded, arrives as it is', async (subject) => {
  const received = await simpleParser(await sent({ ...plain, subject }));
  expect(received.subject).toBe(subject);
});

describe('nothing is sent, now or later,', () => {
  const recipients = [
    'a@example.com, b@example.com',
    'a@example.com,b@example.com',
    'a@example.com;b@example.com',
    'a@example.com b@example.com',
    '<a@example.com>',
    'Ada <a@example.com>',
    '"a@example.com"',
    'friends: a@example.com, b@example.com;',
    'a@example.com (note)',
    'a@example.com\r\nBcc: b@example.com',
    'a@example.com\nBcc: b@example.com',
    'a@example.com\0',
    'a@example.com>\r\nRCPT TO:<b@example.com',
    'a@b@example.com',
    'nobody',
    '',
  ];
  test.each(recipients)('to the recipient %j', async (to) => {
    await expect(sent({ ...plain, to })).rejects.toThrow(FailedForGood);
    expect(mailbox.named).toEqual([]);
  });

  test.each<[what: string, message: Partial<Message>, name: string]>([
    ['a subject with a header', { subject: 'x\r\nBcc: b@example.com' }, 'Gatehouse'],
    ['a subject with a body', { subject: 'x\n\n<b>y</b>' }, 'Gatehouse'],
    ['a subject with a carriage return', { subject: 'x\ry' }, 'Gatehouse'],
    ['a subject with a line separator', { subject: 'x\u2028y' }, 'Gatehouse'],
    ['a sender with a header', {}, 'x\r\nBcc: b@example.com'],
    ['an id with a header', { messageId: 'x>\r\nBcc: b@example.com' }, 'Gatehouse'],
  ])('with %s', async (_what, message, name) => {
    await expect(sent({ ...plain, ...message }, { ...service, name })).rejects.toThrow(FailedForGood);
    expect(mailbox.named).toEqual([]);
  });

  test('to a file either', async () => {
    const transport = createTransport(loadConfig({}), pino({ level: 'silent' }), () => publicUrl);
    const message = { ...plain, to: 'a@example.com, b@example.com' };
    await expect(transport.send(message, new AbortController().signal)).rejects.toThrow(FailedForGood);
  });
});

test('addresses that people can register are sent to', async () => {
  for (const to of ["o'neil+tag@example.com", 'a_b-c.d@sub.example.co.uk']) {
    await sent({ ...plain, to });
    expect(mailbox.mails.at(-1)?.to).toBe(to);
  }
});

test('a mail that the server refuses for now has the same id and date the next time', async () => {
  const harness = await Harness.start({ MAIL_FROM: 'Küche <mail@id.example.com>' });
  harness.mailbox.refusals = 1;
  const register = (username: string) =>
    harness.client().mutate('register', { username, email: `${username}@example.com`, password }, 'email');
  await register('patient');
  await eventually(() => harness.mailbox.transferred.length === 1 && harness.mailbox.refusals === 0);
  harness.clock.advance(minutes(1));
  await register('wakes.it');
  const { source } = await harness.mailbox.mailTo('patient@example.com');
  for (const name of ['Message-ID', 'Date'])
    expect(headerIn(source, name)).toEqual(headerIn(harness.mailbox.transferred[0] ?? '', name));
  expect(headerIn(source, 'Message-ID')[0]).toMatch(/^<[\w-]{36}@id\.example\.com>$/);
});
