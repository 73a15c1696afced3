import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { Client } from '../support/client.js';
import { run, start } from '../support/command.js';
import { eventually } from '../support/eventually.js';
import { password } from '../support/harness.js';
import { cloneDatabase } from '../support/postgres.js';
import { patience } from '../support/started.js';

// A service in a process of its own, as it is shipped: signals and the end of the process are part of what is tested.
jest.setTimeout(3 * patience);
let folder: string;
let database: Awaited<ReturnType<typeof cloneDatabase>>;
let env: Record<string, string>;
let child: ReturnType<typeof start>;
let client: Client;

type Line = Readonly<Record<string, unknown>>;
const lines = async (): Promise<Line[]> =>
  (await readFile(join(folder, 'log'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
const lineOf = (requestId: unknown) =>
  eventually(async () => (await lines()).find((line) => line['requestId'] === requestId && 'kind' in line));
const newestLevel = () =>
  eventually(async () => {
    const changes = (await lines()).filter(({ msg }) => String(msg).startsWith('The log level is now'));
    return /now (\w+)$/.exec(String(changes.at(-1)?.['msg']))?.[1];
  });

async function alter(statement: string): Promise<void> {
  const connection = new pg.Client({ connectionString: database.url });
  await connection.connect();
  await connection.query(statement).finally(() => connection.end());
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-operation-log-'));
  database = await cloneDatabase();
  env = {
    DATABASE_URL: database.url,
    DATA_DIR: folder,
    LOG_FILE: join(folder, 'log'),
    NODE_ENV: 'production',
    APP_SECRET: 'a test secret that has at least 32 bytes',
    PORT: '0',
    ARGON2_MEMORY_KIB: '64',
    ADMIN_USERNAME: 'root.admin',
    ADMIN_EMAIL: 'root@example.com',
    ADMIN_PASSWORD: password,
  };
  child = start(['serve'], env);
  const url = await eventually(async () => {
    const ready = (await lines().catch(() => [])).find(({ msg }) => String(msg).includes('is ready'));
    return /at (http:\S+)\/graphql/.exec(String(ready?.['msg']))?.[1];
  }, patience);
  client = new Client(url);
  await client.login('root.admin', password);
});
afterAll(async () => {
  const ended = once(child, 'exit');
  if (child.exitCode === null && child.kill('SIGTERM')) await ended;
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

test('who sent request X: from the error that a client was answered to account, session and address', async () => {
  await alter('alter table comments rename to comments_away');
  const answer = await client.ask('query Mine { viewer { statistics { commentsCount } } }');
  await alter('alter table comments_away rename to comments');
  expect(answer.codes).toEqual(['INTERNAL_SERVER_ERROR']);
  const line = await lineOf(answer.errors[0]?.extensions['requestId']);
  expect(line).toMatchObject({
    level: 30,
    kind: 'query',
    name: 'Mine',
    outcome: 'INTERNAL_SERVER_ERROR',
    transport: 'http',
    userId: client.userId,
    sessionId: client.sessionId,
    apiTokenId: null,
    address: expect.stringMatching(/127\.0\.0\.1|::1/),
  });
});

test('an API token is told by its id', async () => {
  const made = await client.mutate('createApiToken', { name: 't', scopes: ['profile:read'] }, 'token apiToken { id }');
  const holder = new Client(client.url, { 'x-api-key': String(made['token']) });
  await holder.ask('query ByToken { viewer { id } }');
  const line = await eventually(async () => (await lines()).find(({ name }) => name === 'ByToken'));
  expect(line).toMatchObject({ userId: client.userId, sessionId: null, apiTokenId: made['apiToken']?.['id'] });
});

test('SIGUSR2 makes the log a level more talkative, and from trace on as it was configured', async () => {
  for (const level of ['debug', 'trace', 'info']) {
    child.kill('SIGUSR2');
    await eventually(async () => (await newestLevel()) === level);
  }
});

test('log-level changes the level of the running service, and quiet levels log no operations', async () => {
  const change = (level: string) => run(['log-level', level], { ...env, LOG_LEVEL: 'silent' });
  expect(await change('warn')).toMatchObject({ code: 0, stderr: '' });
  await eventually(async () => (await newestLevel()) === 'warn');
  await client.ask('query Unheard { viewer { id } }');
  expect(await change('configured')).toMatchObject({ code: 0 });
  await eventually(async () => (await newestLevel()) === 'info');
  await client.ask('query Heard { viewer { id } }');
  const names = await eventually(async () => {
    const all = (await lines()).map(({ name }) => name);
    return all.includes('Heard') && all;
  });
  expect(names).not.toContain('Unheard');
  expect(await change('loud')).toMatchObject({ code: 1 });
});

test('no line waits when the service is stopped', async () => {
  const ended = once(child, 'exit');
  const asked = Array.from({ length: 20 }, (_, n) => client.ask(`query Last${n} { viewer { id } }`));
  await Promise.all(asked);
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  const names = (await lines()).map(({ name }) => name);
  expect(asked.map((_, n) => `Last${n}`).filter((name) => !names.includes(name))).toEqual([]);
});
