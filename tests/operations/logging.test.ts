import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ConfigError } from '../../src/config.js';
import { createLogger, type Logger } from '../../src/operations/logging.js';

const secret = 'hunter2-correct-horse';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-log-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The text that the log contains after these calls. */
async function logged(write: (log: Logger) => void): Promise<string> {
  const file = join(folder, `below/${randomUUID()}.log`);
  write(createLogger({ production: false, log: { level: 'trace', file } }));
  return readFile(file, 'utf8');
}

/** Nests the object this many levels deep. */
const below = (levels: number, object: object): object =>
  levels === 0 ? object : { inside: below(levels - 1, object), kept: `at ${levels}` };

const names = [
  ...[
    'password',
    'newPassword',
    'password_hash',
    'passphrase',
    'token',
    'accessToken',
    'refresh_token',
    'Authorization',
  ],
  ...[
    'cookie',
    'set-cookie',
    'APP_SECRET',
    'clientSecret',
    'apiKey',
    'x-api-key',
    'privateKey',
    'recoveryCodes',
    'headers',
  ],
];

describe('a secret is in no line', () => {
  test.each(names)('as %s, at any depth', async (name) => {
    for (const levels of [0, 1, 2, 3, 6, 9]) {
      const text = await logged((log) => log.info(below(levels, { [name]: secret, near: 'is shown' }), 'message'));
      expect(text).not.toContain(secret);
      expect(JSON.parse(text)).toMatchObject({ msg: 'message', ...below(levels, { near: 'is shown' }) });
    }
  });

  test.each<[string, object]>([
    ['lists', { list: [[{ a: [{ password: secret }] }]] }],
    ['lists of secrets', { tokens: [secret, [secret]], recoveryCodes: { first: secret } }],
    ['an error', Object.assign(new Error('failed'), { token: secret, config: { headers: { a: secret } } })],
    ['the cause of an error', { err: new Error('a', { cause: Object.assign(new Error('b'), { password: secret }) }) }],
    ['errors in an error', { err: new AggregateError([Object.assign(new Error('b'), { password: secret })], 'a') }],
    ['an error inside', { deep: { error: Object.assign(new Error('c'), { apiKey: secret }) } }],
    ['what makes itself JSON', { deep: { toJSON: () => ({ password: secret }) } }],
    ['a URL', { url: `postgres://gatehouse:${secret}@localhost/gatehouse` }],
    ['a URL in an error', new Error(`cannot connect to smtp://user:${secret}@mail.example.com:587`)],
    ['deeper than anybody looks', below(30, { password: secret, inside: [{ token: secret }] })],
  ])('in %s', async (_where, object) => {
    expect(await logged((log) => log.error(object))).not.toContain(secret);
  });

  test('of a child logger', async () => {
    const text = await logged((log) => log.child({ token: secret, part: { cookie: secret } }).info('x'));
    expect(text).not.toContain(secret);
  });

  test('in a message', async () => {
    expect(await logged((log) => log.info(`at https://user:${secret}@example.com/`))).not.toContain(secret);
    expect(await logged((log) => log.info({}, 'with %j', { a: 1 }))).toContain('with {');
  });
});

test('what holds itself, is large or is strange is logged all the same, each in one line', async () => {
  const circle: Record<string, unknown> = { list: Array.from({ length: 100_000 }, (_, index) => index) };
  circle['self'] = circle;
  const text = await logged((log) => {
    log.info(circle, 'circle');
    log.info({ big: 10n ** 30n, when: new Date(Number.NaN), map: new Map([['a', 1]]), no: undefined, text: 'a\nb' });
    log.info('plain');
  });
  const lines = text.trim().split('\n');
  expect(lines).toHaveLength(3);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ level: 30 });
});

test.each(['/etc/passwd/below', '/etc'])('a LOG_FILE that cannot be written is told: %s', (file) => {
  expect(() => createLogger({ production: true, log: { level: 'info', file } })).toThrow(ConfigError);
});
