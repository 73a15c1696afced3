import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { Client } from './support/client.js';
import { eventually } from './support/eventually.js';

// The service as `npm start` runs it: the built program, in a folder of its own, with a PostgreSQL of its own.
const program = resolve('dist/src/main.js');
/** In milliseconds. A start takes a few seconds, and many times that on a machine that is busy. */
const patience = 90_000;
jest.setTimeout(3 * patience);
let folder: string;
const running = new Set<Service>();

beforeAll(async () => {
  const root = await mkdtemp(join(tmpdir(), 'gatehouse-start-'));
  folder = join(root, 'a folder with spaces');
  await mkdir(folder, { mode: 0o700 });
});
// What a failed test leaves running would fail those after it.
afterEach(async () => {
  for (const service of running) await service.stop();
});
afterAll(async () => {
  await rm(resolve(folder, '..'), { recursive: true, force: true });
});

class Service {
  output = '';
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcess;

  constructor(env: Record<string, string> = {}) {
    const { PATH = '', HOME = '' } = process.env;
    this.child = spawn(process.execPath, [program], { cwd: folder, env: { PATH, HOME, PORT: '0', ...env } });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk) => {
        this.output += chunk;
      });
    this.ended = once(this.child, 'exit').then(([code]) => code as number | null);
    running.add(this);
  }

  async ready(): Promise<Client> {
    const ended = this.ended.then((code) => Promise.reject(new Error(`It ended with ${code}: ${this.output}`)));
    const listening = eventually(() => /ready at (http:\S+)\/graphql/.exec(this.output)?.[1], patience);
    return new Client(await Promise.race([listening, ended]));
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    running.delete(this);
    this.child.kill(signal);
    return this.ended;
  }
}

const dataDir = () => join(folder, '.gatehouse');
const postmaster = async () =>
  Number((await readFile(join(dataDir(), 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
/** A zombie that nobody has reaped yet is not running. */
const isRunning = (pid: number) =>
  existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
const credentials = (output: string) => /First administrator: (\S+)\s+Password: +(\S+)/.exec(output);
const countAdministrators = async (client: Client) =>
  (await client.ask('{ users(filter: { isAdmin: true }) { totalCount } }')).data['users']?.['totalCount'];
let password: string;

test('the first start makes a database, keys and an administrator, whose password it shows once and does not log', async () => {
  const service = new Service();
  const client = await service.ready();
  const [, username = '', shown = ''] = credentials(service.output) ?? [];
  password = shown;
  expect((await client.login(username, password))['errors']).toEqual([]);
  expect(await countAdministrators(client)).toBe(1);
  const pid = await postmaster();
  expect(await service.stop('SIGINT')).toBe(0);
  expect(isRunning(pid)).toBe(false);
});

test('the second start keeps what the first one made', async () => {
  const service = new Service();
  const client = await service.ready();
  expect(credentials(service.output)).toBeNull();
  expect((await client.login('admin', password))['errors']).toEqual([]);
  expect(await service.stop('SIGTERM')).toBe(0);
});

test('after kill -9 it starts again, and the orphaned database is gone', async () => {
  const killed = new Service();
  const client = await killed.ready();
  await client.mutate('register', { username: 'survivor', email: 'survivor@example.com', password }, 'email');
  const orphan = await postmaster();
  await killed.stop('SIGKILL');
  const service = new Service();
  const again = await service.ready();
  expect(isRunning(orphan)).toBe(false);
  await again.login('admin', password);
  expect((await again.ask('{ users(search: "survivor") { totalCount } }')).data['users']?.['totalCount']).toBe(1);
  await service.stop();
});

test('a second instance on the folder is refused and harms nothing', async () => {
  const first = new Service();
  const client = await first.ready();
  const second = new Service();
  expect(await second.ended).toBe(1);
  running.delete(second);
  expect(second.output).toContain(dataDir());
  expect(second.output).not.toContain('    at ');
  expect((await client.login('admin', password))['errors']).toEqual([]);
  await first.stop();
});

test('a taken port is named, and nothing is left running', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  const service = new Service({ PORT: String(port) });
  expect(await service.ended).toBe(1);
  running.delete(service);
  expect(service.output).toContain(String(port));
  expect(service.output).not.toContain('    at ');
  expect(existsSync(join(dataDir(), 'postgres', 'postmaster.pid'))).toBe(false);
  taken.close();
});

test.each([
  ['PORT', { PORT: 'eighty' }],
  ['APP_SECRET', { NODE_ENV: 'production' }],
  ['APP_SECRET', { APP_SECRET: 'short' }],
  ['RATE_LIMIT_LOGIN', { RATE_LIMIT_LOGIN: 'often' }],
  ['ADMIN_PASSWORD', { ADMIN_USERNAME: 'someone' }],
  ['DATABASE_URL', { DATABASE_URL: 'mysql://localhost/x' }],
])('a wrong %s is named: %j', async (name, env) => {
  const service = new Service(env);
  expect(await service.ended).toBe(1);
  running.delete(service);
  expect(service.output).toContain(name);
  expect(service.output).not.toContain('    at ');
});

test('when its database is killed it starts it again, and answers as before', async () => {
  const service = new Service();
  const client = await service.ready();
  await client.login('admin', password);
  process.kill(await postmaster(), 'SIGKILL');
  await eventually(async () => (await fetch(`${client.url}/health/ready`)).status === 503);
  expect((await fetch(`${client.url}/health/live`)).status).toBe(200);
  await eventually(async () => (await fetch(`${client.url}/health/ready`)).status === 200, patience);
  expect((await client.ask('{ viewer { username } }')).data['viewer']).toEqual({ username: 'admin' });
  const pid = await postmaster();
  await service.stop();
  expect(isRunning(pid)).toBe(false);
});

test('without SMTP_URL mail is a file, and the link is in the log', async () => {
  const service = new Service();
  const client = await service.ready();
  await client.mutate('register', { username: 'filed', email: 'filed@example.com', password }, 'email');
  const token = await eventually(() => /verify-email\?token=([\w-]+)/.exec(service.output)?.[1]);
  expect((await client.mutate('verifyEmail', { token }, 'user { username }'))['user']).toEqual({ username: 'filed' });
  expect((await readdir(join(dataDir(), 'mail'))).length).toBeGreaterThan(0);
  await service.stop();
});

test('the files that hold secrets are for their owner alone', async () => {
  const { stat } = await import('node:fs/promises');
  for (const name of ['app-secret', 'postgres.password'])
    expect((await stat(join(dataDir(), name))).mode & 0o077).toBe(0);
});
