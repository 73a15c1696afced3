import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { loadDotEnv } from '../../src/commands/dot-env.js';
import { ConfigError, loadConfig } from '../../src/config.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-dot-env-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = (content: string | Buffer) => writeFile(join(folder, '.env'), content);

function loaded(env: Record<string, string> = {}): Record<string, string | undefined> {
  const result: Record<string, string | undefined> = { ...env };
  loadDotEnv(result, folder);
  return result;
}

function refusal(): string {
  try {
    loaded();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('It was accepted.');
}

test('without a file nothing changes', () => {
  expect(loaded({ PORT: '4711' })).toEqual({ PORT: '4711' });
});

test('the file adds variables, in the usual syntax', async () => {
  await write(`# a comment with a 'quote
PORT=4711
export SERVICE_NAME="Our service" # the name
  LOG_LEVEL = debug

APP_SECRET='two lines = of
a secret of 32 bytes'
`);
  expect(loaded()).toEqual({
    PORT: '4711',
    SERVICE_NAME: 'Our service',
    LOG_LEVEL: 'debug',
    APP_SECRET: 'two lines = of\na secret of 32 bytes',
  });
});

test('variables of the environment win, also empty ones and those that name a file', async () => {
  await write('PORT=4711\nSMTP_URL=smtp://localhost\nAPP_SECRET=x\nDATABASE_URL_FILE=/somewhere\nLOG_FILE=log\n');
  const env = { PORT: '4712', SMTP_URL: '', APP_SECRET_FILE: '/elsewhere', DATABASE_URL: 'y', LOG: 'z' };
  expect(loaded(env)).toEqual({ ...env, LOG_FILE: 'log' });
});

test.each(['production', 'test'])('with NODE_ENV=%s the file is not read', async (NODE_ENV) => {
  await write('PORT=4711\nthis is wrong\n');
  expect(loaded({ NODE_ENV })).toEqual({ NODE_ENV });
});

test('with NODE_ENV=production from a file it is not read either', async () => {
  const NODE_ENV_FILE = join(folder, 'mode');
  await writeFile(NODE_ENV_FILE, 'production\n');
  await write('PORT=4711\n');
  expect(loaded({ NODE_ENV_FILE })).toEqual({ NODE_ENV_FILE });
});

test('with NODE_ENV=development, or an empty one, it is read', async () => {
  await write('PORT=4711\n');
  for (const NODE_ENV of ['development', '']) expect(loaded({ NODE_ENV })).toEqual({ NODE_ENV, PORT: '4711' });
});

test.each([
  ['a name without a value', 'PORT=1\nDATABASE_URL postgres://u:hunter2@h/d\nHOST=::\n', /line 2/],
  ['YAML', 'DATABASE_URL: hunter2\n', /line 1/],
  ['a name alone at the end', 'PORT=1\n\nhunter2', /line 3/],
  ['a line below quoted ones', 'A="1\n2\n3"\nhunter2\n', /line 4/],
  ['a name that is none', '1A=hunter2\n', /line 1/],
  ['NODE_ENV=production', 'NODE_ENV=production\n', /NODE_ENV/],
])('a line that sets nothing is told, without its content: %s', async (_kind, content, expected) => {
  await write(content);
  expect(refusal()).toMatch(expected);
  expect(refusal()).not.toContain('hunter2');
});

test('all such lines are told at once', async () => {
  await write('one\nPORT=1\nthree\n');
  expect(refusal()).toMatch(/line 1[\s\S]*line 3/);
});

test('a file that cannot be read is told by its path', async () => {
  await mkdir(join(folder, '.env'));
  expect(refusal()).toContain(join(folder, '.env'));
  await rm(join(folder, '.env'), { recursive: true });
  await write(Buffer.from([0x50, 0xff]));
  expect(refusal()).toContain(join(folder, '.env'));
});

test('a mistyped name in it is refused as one of the environment', async () => {
  await write('DATABSE_URL=postgres://a:b@localhost/c\n');
  expect(() => loadConfig(loaded())).toThrow('DATABASE_URL');
});
