import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ConfigError, loadConfig } from '../../src/config.js';
import { demoEnvironment } from '../../src/demo/demo-environment.js';
import { variables } from '../../src/environment/environment.js';

const secret = 'a secret that has at least 32 bytes';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-files-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let written = 0;
function file(content: string | Buffer): string {
  written += 1;
  const path = join(folder, `value-${written}`);
  writeFileSync(path, content);
  return path;
}

function refusal(env: Record<string, string>): string {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('It was accepted.');
}

test.each([
  ['as it is', secret],
  ['without its line break', `${secret}\n`],
  ['without its line break of Windows', `${secret}\r\n`],
  ['without a byte order mark', `\ufeff${secret}\n`],
])('a value is taken from a file, %s', (_how, content) => {
  expect(loadConfig({ APP_SECRET_FILE: file(content) }).appSecret).toBe(secret);
});

test('spaces and inner line breaks belong to the value', () => {
  expect(loadConfig({ APP_SECRET_FILE: file(` ${secret}\n\n${secret} \n`) }).appSecret).toBe(
    ` ${secret}\n\n${secret} `,
  );
});

test('every variable can be given by a file, also those whose own name ends in _FILE', () => {
  for (const name of variables)
    expect(refusal({ [`${name}_FILE`]: join(folder, 'nowhere') })).toContain(`${name}_FILE: `);
  expect(loadConfig({ LOG_FILE_FILE: file('/var/log/gatehouse\n') }).log.file).toBe('/var/log/gatehouse');
  expect(loadConfig({ LOG_FILE: '/var/log/gatehouse' }).log.file).toBe('/var/log/gatehouse');
  expect(loadConfig({ EVENT_HEADS_FILE: join(folder, 'nowhere') }).eventHeadsFile).toBe(join(folder, 'nowhere'));
});

test('a link is followed, as Kubernetes mounts secrets', () => {
  symlinkSync(file('4711\n'), join(folder, 'link'));
  expect(loadConfig({ PORT_FILE: join(folder, 'link') }).port).toBe(4711);
});

test('an empty variable is not set, whichever of the two it is', () => {
  expect(loadConfig({ PORT: '4711', PORT_FILE: '' }).port).toBe(4711);
  expect(loadConfig({ PORT: '', PORT_FILE: file('4711') }).port).toBe(4711);
});

describe('a file that cannot be used is refused by the name of its variable and its path', () => {
  test.each([
    ['missing', () => join(folder, 'nowhere')],
    ['below a file', () => join(file('x'), 'below')],
    ['a directory', () => folder],
    ['a device', () => '/dev/zero'],
    ['larger than 64 KiB', () => file('x'.repeat(64 * 1024 + 1))],
    ['not UTF-8', () => file(Buffer.from([0x70, 0xff, 0xfe]))],
    ['empty', () => file('')],
    ['only a line break', () => file('\n')],
    ['unreadable', () => '/proc/self/mem'],
  ])('%s', (_kind, make) => {
    const path = make();
    const message = refusal({ DATABASE_URL_FILE: path });
    expect(message).toContain('DATABASE_URL_FILE: ');
    expect(message).toContain(path);
    expect(message).not.toContain('\n');
  });

  test('a pipe that nobody writes to does not hold up the start', () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(refusal({ DATABASE_URL_FILE: pipe })).toContain(pipe);
  });

  test('64 KiB are accepted', () => {
    expect(loadConfig({ APP_SECRET_FILE: file('x'.repeat(64 * 1024)) }).appSecret).toHaveLength(64 * 1024);
  });
});

test('a variable that is given both ways is refused', () => {
  const message = refusal({ APP_SECRET: secret, APP_SECRET_FILE: file(secret) });
  expect(message).toMatch(/^APP_SECRET_FILE: .*APP_SECRET/);
});

test.each([
  ['the value in the file', () => file('hunter2')],
  ['a secret in place of the path', () => 'hunter2'],
  ['a URL in place of the path', () => 'postgres://user:hunter2@localhost/x'],
])('%s is not shown', (_kind, make) => {
  for (const name of ['APP_SECRET', 'DATABASE_URL', 'SMTP_URL', 'PORT']) {
    const message = refusal({ [`${name}_FILE`]: make() });
    expect(message).toContain(name);
    expect(message).not.toContain('hunter2');
  }
});

test('an unusable file is told once: its variable does not count as missing', () => {
  const nowhere = join(folder, 'nowhere');
  const names = { ADMIN_USERNAME: 'someone', ADMIN_EMAIL: 'someone@example.com' };
  const message = refusal({ NODE_ENV: 'production', APP_SECRET_FILE: nowhere, ...names, ADMIN_PASSWORD_FILE: nowhere });
  expect(message.split('\n').slice(1)).toHaveLength(2);
});

test('what the demo refuses, it refuses from files as well', () => {
  for (const [name, value] of [
    ['NODE_ENV', 'production'],
    ['PUBLIC_URL', 'https://id.example.com'],
  ] as const)
    expect(() => demoEnvironment({ [`${name}_FILE`]: file(`${value}\n`) })).toThrow(name);
});

test('the demo does not use a database that is given by a file, and ignores the mail server', () => {
  expect(() => demoEnvironment({ DATABASE_URL_FILE: file('postgres://a:b@localhost/c') })).toThrow(ConfigError);
  const env = demoEnvironment({ SMTP_URL_FILE: file('smtp://localhost'), DATA_DIR_FILE: file('/somewhere') });
  expect(loadConfig(env)).toMatchObject({ mail: { smtpUrl: undefined }, dataDir: '/somewhere' });
});
