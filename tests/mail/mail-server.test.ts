import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterAll, describe, expect, test } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import { mailServerFault } from '../../src/mail/mail-server.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { certificates } from './certificates.js';

const password = 'hunter2-of-the-mail-server';
/** For servers that hang, in milliseconds. */
const short = { connectionTimeout: 5000, greetingTimeout: 1000, socketTimeout: 2000 };
const closers: (() => void)[] = [];
afterAll(() => {
  for (const close of closers) close();
});

async function portOf(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)));
  if (!server.listening) await once(server.listen(0, '127.0.0.1'), 'listening');
  closers.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

/** A real SMTP server with one user. */
function smtp(options: ConstructorParameters<typeof SMTPServer>[0] = {}): Promise<number> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: (auth, _session, done) =>
      auth.username === 'mailer' && auth.password === password
        ? done(null, { user: 'mailer' })
        : done(Object.assign(new Error(`no ${auth.password} here`), { responseCode: 535 })),
    ...options,
  });
  server.on('error', () => undefined);
  return portOf(server.server);
}

/** Sends a greeting, or nothing, and then nothing more. */
const silent = (greeting?: string) =>
  portOf(createServer((socket) => void (greeting === undefined || socket.write(greeting))));

/** A port that nothing listens on. */
async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => void server.close(done));
  return port;
}

describe('a mail server that can be used has no fault', () => {
  test('without a user', async () => {
    expect(await mailServerFault(`smtp://127.0.0.1:${await smtp()}`)).toBeUndefined();
  });

  test('with user and password', async () => {
    expect(await mailServerFault(`smtp://mailer:${password}@127.0.0.1:${await smtp()}`)).toBeUndefined();
  });
});

describe('a fault is told with host, port and reason, without user and password', () => {
  test.each<[string, () => Promise<number>, string, RegExp]>([
    ['nothing listens', unusedPort, 'smtp://mailer:PASSWORD@127.0.0.1:PORT', /refuses the connection/],
    ['the password is wrong', smtp, 'smtp://mailer:PASSWORDx@127.0.0.1:PORT', /password \(535\)/],
    ['the user has no password', smtp, 'smtp://mailer@127.0.0.1:PORT', /user and a password/],
    ['it turns everybody away', () => silent('554 not you\r\n'), 'smtp://127.0.0.1:PORT', /away \(554\)/],
    ['it hangs up', () => portOf(createServer((socket) => socket.destroy())), 'smtp://127.0.0.1:PORT', /ends/],
    ['TLS is asked of a plain port', smtp, 'smtps://mailer:PASSWORD@127.0.0.1:PORT', /smtp:\/\//],
    ['TLS is demanded, not offered', smtp, 'smtp://127.0.0.1:PORT?requireTLS=true', /does not offer TLS/],
  ])('%s', async (_fault, start, pattern, expected) => {
    const port = await start();
    const fault = await mailServerFault(pattern.replace('PORT', String(port)).replace('PASSWORD', password));
    expect(fault).toMatch(expected);
    expect(fault).toContain(`127.0.0.1:${port}`);
    for (const secret of [password, 'mailer', 'not you']) expect(fault).not.toContain(secret);
  });

  test.each<[string, () => Promise<number>, RegExp]>([
    ['no answer', silent, /no greeting/],
    ['no answer after the greeting', () => silent('220 hello\r\n'), /in time/],
    ['TLS on a port that is asked without', () => smtp({ secure: true, ...certificates.selfSigned }), /smtps:\/\//],
  ])('%s', async (_fault, start, expected) => {
    const port = await start();
    const fault = await mailServerFault(`smtp://mailer:${password}@127.0.0.1:${port}`, short);
    expect(fault).toMatch(expected);
    expect(fault).toContain(`127.0.0.1:${port}`);
    expect(fault).not.toContain(password);
  });

  test.each([
    ['expired', /a certificate that has expired/],
    ['selfSigned', /a certificate that it has signed itself/],
  ] as const)('the certificate is %s', async (kind, expected) => {
    const port = await smtp({ secure: true, ...certificates[kind] });
    expect(await mailServerFault(`smtps://127.0.0.1:${port}`)).toMatch(expected);
  });

  test('after STARTTLS', async () => {
    const port = await smtp({ disabledCommands: [], ...certificates.selfSigned });
    expect(await mailServerFault(`smtp://127.0.0.1:${port}`)).toMatch(/certificate that it has signed itself/);
  });

  test('the host is unknown', async () => {
    const fault = await mailServerFault('smtp://mailer:x@no-such-host.invalid');
    expect(fault).toMatch(/no-such-host\.invalid:587 (is unknown|cannot be found)/);
  });

  test('the usual port of smtps:// is 465', async () => {
    expect(await mailServerFault('smtps://no-such-host.invalid')).toContain('no-such-host.invalid:465');
  });
});

test('the service starts all the same and warns once', async () => {
  const port = await smtp();
  const harness = await Harness.start({ SMTP_URL: `smtp://mailer:${password}x@127.0.0.1:${port}` });
  const warnings = () => harness.logged.filter((line) => line.includes('SMTP_URL: the mail server'));
  await eventually(() => warnings().length > 0);
  expect(warnings()).toHaveLength(1);
  expect(JSON.parse(warnings()[0] ?? '{}')).toMatchObject({ level: 40 });
  expect(warnings()[0]).toContain(`127.0.0.1:${port}`);
  expect(harness.logged.join()).not.toContain(password);
  expect((await harness.client().ask('{ viewer { id } }')).data).toEqual({ viewer: null });
});
