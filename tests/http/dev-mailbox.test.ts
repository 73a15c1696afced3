import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import Fastify from 'fastify';
import { simpleParser } from 'mailparser';
import { loadConfig } from '../../src/config.js';
import { addDevMailbox } from '../../src/http/dev-mailbox.js';
import { MailFolder } from '../../src/mail/mail-folder.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';

const console = 'https://console.example.com';
const path = '/dev/mailbox';
let harness: Harness;
let folder: string;
beforeAll(async () => {
  harness = await Harness.start({ SMTP_URL: '', CORS_ORIGINS: console });
  folder = join(harness.app.services.config.dataDir, 'mail');
});

/** Fetch would not send another Host. */
const open = (at: string, headers: Record<string, string> = {}, url = harness.app.url, method = 'GET') =>
  new Promise<IncomingMessage>((resolve, reject) => {
    request(`${url}${at}`, { method, headers }, resolve).on('error', reject).end();
  });
async function get(at: string, headers: Record<string, string> = {}) {
  const reply = await open(at, headers);
  return { status: reply.statusCode, headers: reply.headers, body: await textOf(reply) };
}
interface Listed {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly date: string;
}
const list = async () => JSON.parse((await get(`${path}/messages`)).body) as Listed[];
const register = (username: string) =>
  harness.client().mutate('register', { username, email: `${username}@example.com`, password }, 'email');
const write = (id: string, source: string) => writeFile(join(folder, `${id}.eml`), source);

/** Follows the arrivals. */
async function follow() {
  const reply = await open(`${path}/events`);
  const followed = { reply, received: '', ended: false };
  reply.setEncoding('utf8');
  reply.on('data', (chunk) => {
    followed.received += chunk;
  });
  reply.once('close', () => {
    followed.ended = true;
  });
  return followed;
}
const opened: IncomingMessage[] = [];
afterEach(() => {
  for (const reply of opened.splice(0)) reply.destroy();
});

describe('mail that is written to files', () => {
  test('is listed, shown as it is, and told of: before the folder exists, and after it was deleted', async () => {
    expect(await list()).toEqual([]);
    const listener = await follow();
    opened.push(listener.reply);
    expect(listener.reply.headers['content-type']).toBe('text/event-stream');
    await register('ada');
    const [mail] = await eventually(async () => {
      const mails = await list();
      return mails.length === 1 && mails;
    });
    expect(mail).toMatchObject({
      to: 'ada@example.com',
      subject: expect.any(String),
      date: expect.stringMatching(/Z$/),
    });
    const { body, headers } = await get(`${path}/messages/${mail?.id}`);
    expect([headers['content-type'], headers['cache-control']]).toEqual(['text/plain; charset=utf-8', 'no-store']);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(body).toContain(`${harness.app.url}/verify-email?token=`);
    await eventually(() => listener.received.includes('event: mail'));

    await rm(folder, { recursive: true });
    await eventually(() => readdir(folder).catch(() => false as const));
    listener.received = '';
    await register('bea');
    await eventually(() => listener.received.includes('event: mail') && list().then(({ length }) => length === 1));
    const line = harness.logged.find((one) => one.includes('Mail to bea@example.com'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({
      mailbox: `${harness.app.url}${path}#${(await list())[0]?.id}`,
    });
  });

  test('has its HTML at an address of its own, which runs and loads nothing, in a frame of the mailbox alone', async () => {
    await register('html');
    const mail = await eventually(async () => (await list()).find(({ to }) => to === 'html@example.com'));
    const { body, headers } = await get(`${path}/messages/${mail?.id}/html`);
    expect([headers['content-type'], headers['cache-control']]).toEqual(['text/html; charset=utf-8', 'no-store']);
    expect(body).toMatch(/^<!DOCTYPE html>/);
    expect(body).toContain(`href="${harness.app.url}/verify-email?token=`);
    const policy = String(headers['content-security-policy']);
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      "style-src 'unsafe-inline'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'self'",
      'sandbox allow-popups allow-popups-to-escape-sandbox',
    ]);
    expect([headers['x-frame-options'], headers['x-content-type-options']]).toEqual(['SAMEORIGIN', 'nosniff']);
    await write('2000000000000-0000000a', 'Subject: x\n\nno HTML');
    for (const id of ['2000000000000-0000000a', '2000000000000-0000000b', '..%2f..%2fsecret', 'notes'])
      expect([id, (await get(`${path}/messages/${id}/html`)).status]).toEqual([id, 404]);
    await rm(join(folder, '2000000000000-0000000a.eml'));
  });

  test('is a whole mail for other programs, with the headers that a mail server gets', async () => {
    await register('whole');
    const mail = await eventually(async () => (await list()).find(({ to }) => to === 'whole@example.com'));
    const { body } = await get(`${path}/messages/${mail?.id}`);
    const read = await simpleParser(body);
    expect(read.text).toContain(`${harness.app.url}/verify-email?token=`);
    expect(read.html).toBe((await get(`${path}/messages/${mail?.id}/html`)).body);
    expect(read.headers.get('auto-submitted')).toBe('auto-generated');
    expect(read.messageId).toMatch(/^<[\w-]{36}@localhost>$/);
    // Whoever looks for the link with grep finds it once.
    expect(body.split('/verify-email?token=')).toHaveLength(2);
  });

  test('has the newest first, at most 200, and nothing else of the folder', async () => {
    await mkdir(folder, { recursive: true });
    for (let n = 0; n < 210; n += 1)
      await write(`20000000000${String(n).padStart(2, '0').slice(-2)}-${String(n).padStart(8, '0')}`, 'Subject: x\n\n');
    await write('notes', 'To: nobody\n\n');
    await writeFile(join(folder, '2100000000000-00000000.eml.part'), 'half');
    await symlink(join(folder, 'notes.eml'), join(folder, '2100000000000-00000001.eml'));
    const ids = (await list()).map(({ id }) => id);
    // The link counts as one of the 200 names, and is left out.
    expect([ids.length, ids]).toEqual([199, [...ids].sort().reverse()]);
    expect(ids.every((id) => id.startsWith('20000000000'))).toBe(true);
    expect((await get(`${path}/messages/2100000000000-00000001`)).status).toBe(404);
  });
});

describe('nothing else can be read', () => {
  const ids = [
    '..%2f..%2fsecret',
    '%2e%2e%2fapp-secret',
    '..%5c..%5csecret',
    '2000000000000-00000000.eml',
    '2000000000000-00000000%00',
    '2000000000000-0000000G',
    '2000000000000-00000000%2f..%2f2000000000000-00000000',
    '%2fetc%2fpasswd',
    'notes',
  ];
  test.each(ids)('by the id %s', async (id) => {
    expect((await get(`${path}/messages/${id}`)).status).toBe(404);
  });

  const places = [
    path,
    `${path}/`,
    `${path}/messages`,
    `${path}/messages/2000000000000-00000000/html`,
    `${path}/events`,
    '/%64ev/mailbox/messages',
    '/dev/mailbo%78/events',
  ];
  const attackers: [what: string, headers: Record<string, string>][] = [
    ['a rebound name', { host: 'attacker.example' }],
    ['a rebound name that begins like ours', { host: 'localhost.attacker.example:4000' }],
    ['an address of the network', { host: '192.168.0.7:4000' }],
    ['a name with a dot', { host: 'localhost.' }],
    ['an origin that the API allows', { origin: console }],
    ['another port', { origin: 'http://localhost:1', 'sec-fetch-site': 'same-site' }],
    ['a sandboxed page', { origin: 'null' }],
    ['an element of another site', { 'sec-fetch-site': 'cross-site' }],
    ['an element of another port', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }],
  ];
  test.each(attackers)('through %s', async (_what, headers) => {
    for (const place of places) {
      const reply = await get(place, headers);
      expect([place, reply.status]).toEqual([place, 404]);
      expect(reply.headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  test('with permission from a preflight', async () => {
    const asked = { origin: console, 'access-control-request-method': 'GET' };
    const reply = await open(`${path}/messages`, asked, harness.app.url, 'OPTIONS');
    reply.resume();
    expect([reply.statusCode, reply.headers['access-control-allow-origin']]).toEqual([404, undefined]);
  });
});

test('names of this machine lead to the mailbox, and so does a link of another page', async () => {
  const { port } = new URL(harness.app.url);
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, 'LOCALHOST'])
    expect([host, (await get(`${path}/messages`, { host })).status]).toEqual([host, 200]);
  const linked = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
  expect((await get(path, linked)).headers['content-security-policy']).toContain("trusted-types 'none'");
  expect((await get(`${path}/messages`, linked)).status).toBe(404);
});

test('listeners are few, and end with the service without delaying it', async () => {
  const listeners = await Promise.all(Array.from({ length: 20 }, follow));
  const surplus = await open(`${path}/events`);
  surplus.resume();
  expect([surplus.statusCode, surplus.headers['retry-after']]).toEqual([503, '5']);
  listeners[0]?.reply.destroy();
  await eventually(async () => {
    const next = await open(`${path}/events`);
    opened.push(next.resume());
    return next.statusCode === 200;
  });
  await harness.app.close();
  await eventually(() => listeners.every(({ ended }) => ended));
  expect(listeners.slice(1).every(({ received }) => received.startsWith('retry:'))).toBe(true);
});

test.each<[what: string, expected: boolean, env: Record<string, string>]>([
  ['in development', true, {}],
  ['in production', false, { NODE_ENV: 'production', APP_SECRET: 'x'.repeat(32) }],
  ['with a mail server', false, { SMTP_URL: 'smtp://localhost' }],
  ['without pages', false, { PAGES: 'off' }],
  ['on a public name', false, { PUBLIC_URL: 'https://id.example.com' }],
  ['on a public address', false, { PUBLIC_URL: 'http://203.0.113.7' }],
  ['on a name that only looks local', false, { PUBLIC_URL: 'http://localhost.example.com' }],
  ['on this machine', true, { PUBLIC_URL: 'http://[::1]:4000' }],
  ['in the network', true, { PUBLIC_URL: 'http://192.168.0.7:4000' }],
  ['on a local name', true, { PUBLIC_URL: 'http://gatehouse.test' }],
])('%s mail is shown: %s', (_what, expected, env) => {
  expect(loadConfig(env).mailbox).toBe(expected);
});

test.each([
  ['203.0.113.7', 404],
  ['2001:db8::7', 404],
  ['::ffff:203.0.113.7', 404],
  ['192.168.0.7', 200],
  ['::ffff:127.0.0.1', 200],
])('who connects from %s gets %i', async (remoteAddress, status) => {
  const server = Fastify();
  const options = {
    publicUrl: () => 'http://localhost:4000',
    pages: undefined,
    stopping: new AbortController().signal,
  };
  addDevMailbox(server, new MailFolder({ dataDir: tmpdir() }), options);
  const url = `${path}/messages`;
  expect((await server.inject({ url, remoteAddress, headers: { host: 'localhost:4000' } })).statusCode).toBe(status);
});

test('in production there is no such route', async () => {
  const { app } = await Harness.start({ SMTP_URL: '', NODE_ENV: 'production' });
  for (const place of [path, `${path}/messages`, `${path}/events`]) {
    const reply = await open(place, {}, app.url);
    reply.resume();
    expect([place, reply.statusCode]).toEqual([place, 404]);
  }
});
