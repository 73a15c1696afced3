import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { Client } from './support/client.js';
import { eventually } from './support/eventually.js';

// Runs the service like `npm start`: the built program in a folder of its own, with its own PostgreSQL.
const program = resolve('dist/src/main.js');
/** In milliseconds. A start takes a few seconds, but many times that on a busy machine. */
const patience = 90_000;
jest.setTimeout(3 * patience);
let folder: string;
const running = new Set<Service>();

beforeAll(async () => {
  const root = await mkdtemp(join(tmpdir(), 'gatehouse-start-'));
  folder = join(root, 'a folder with spaces');
  await mkdir(folder, { mode: 0o700 });
});
// A service that a failed test leaves running would make later tests fail.
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
/** Whether a process runs; a zombie does not. */
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

test('a first start that does not get its port leaves no administrator behind', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  const fresh = join(folder, 'fresh');
  const refused = new Service({ DATA_DIR: fresh, PORT: String(port) });
  expect(await refused.ended).toBe(1);
  running.delete(refused);
  expect(refused.output).toMatch(/^gatehouse: PORT: /);
  expect(existsSync(fresh)).toBe(false);
  taken.close();
  const service = new Service({ DATA_DIR: fresh });
  const client = await service.ready();
  const [, username = '', shown = ''] = credentials(service.output) ?? [];
  expect((await client.login(username, shown))['errors']).toEqual([]);
});

/** Accepts connections but never answers, so that a start with it as database does not proceed. */
async function silentServer() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { url: `postgres://somebody:secret@127.0.0.1:${port}/gatehouse`, sockets, close };
}

test('while it starts it is alive and not ready, and a signal ends the start', async () => {
  const silent = await silentServer();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const service = new Service({ DATABASE_URL: silent.url, PORT: String(port) });
  await eventually(() => silent.sockets.size > 0, patience);
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  expect((await fetch(`${url}/health/ready`)).status).toBe(503);
  for (const path of ['/graphql', '/graphql/', '/elsewhere']) {
    const answer = await fetch(url + path, { method: 'POST', body: '{"query":"{ viewer { id } }"}' });
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] });
  }
  const asked = Date.now();
  expect(await service.stop()).toBe(0);
  expect(Date.now() - asked).toBeLessThan(10_000);
  silent.close();
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Ids of the PostgreSQL and initdb processes whose working directory is in the folder. */
async function databasesIn(directory: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => ((await readlink(`/proc/${pid}/cwd`).catch(() => '')).startsWith(directory) ? [pid] : [])),
  );
  return found.flat().filter((pid) => isRunning(Number(pid)));
}

const moments: [string, (directory: string) => boolean | Promise<boolean>][] = [
  ['the cluster is being made', async (directory) => (await databasesIn(directory)).length > 0],
  ['the database is being started', (directory) => existsSync(join(directory, 'postgres', 'postmaster.pid'))],
  ['the schema is being made', async (directory) => /ready/.test(await pidFileIn(directory))],
];
const pidFileIn = (directory: string) =>
  readFile(join(directory, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');

test('a signal ends a start at any moment, and no database is left running', async () => {
  const directory = join(folder, 'interrupted');
  for (const [name, isReached] of moments) {
    const service = new Service({ DATA_DIR: directory });
    await eventually(() => isReached(directory), patience);
    expect([name, await service.stop()]).toEqual([name, 0]);
    expect(service.output).not.toContain('    at ');
    expect([name, await databasesIn(directory)]).toEqual([name, []]);
    expect(existsSync(join(directory, 'postgres', 'postmaster.pid'))).toBe(false);
  }
  const service = new Service({ DATA_DIR: directory });
  const client = await service.ready();
  const [, username = '', shown = ''] = credentials(service.output) ?? [];
  expect((await client.login(username, shown))['errors']).toEqual([]);
}, 120_000);

test.each([
  ['PORT', { PORT: 'eighty' }],
  ['NODE_ENV', { NODE_ENV: 'staging' }],
  ['DATABSE_URL', { DATABSE_URL: 'postgres://a:b@localhost/c' }],
  ['HOST', { HOST: '203.0.113.1' }],
  ['HOST', { HOST: 'no-such-host.invalid' }],
  ['DATA_DIR', { DATA_DIR: '/etc/passwd' }],
  ['DATA_DIR', { DATA_DIR: '/etc/passwd/below' }],
  ['DATA_DIR', { DATA_DIR: 'x'.repeat(5000) }],
  ['LOG_FILE', { LOG_FILE: '/etc' }],
  ['LOG_FILE', { LOG_FILE: '/etc/passwd/below' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgres://nobody:x@127.0.0.1:1/gatehouse' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgres://nobody:x@no-such-host.invalid/gatehouse' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgres://127.0.0.1/gatehouse' }],
  ['APP_SECRET', { NODE_ENV: 'production' }],
  ['APP_SECRET', { APP_SECRET: 'short' }],
  ['RATE_LIMIT_LOGIN', { RATE_LIMIT_LOGIN: 'often' }],
  ['ADMIN_PASSWORD', { ADMIN_USERNAME: 'someone' }],
  ['DATABASE_URL', { DATABASE_URL: 'mysql://localhost/x' }],
])('a wrong %s is named: %j', async (name, env) => {
  const service = new Service(env);
  expect(await service.ended).toBe(1);
  running.delete(service);
  expect(service.output.trim().split('\n')).toHaveLength(1);
  expect(service.output).toContain(name);
});

test('a configured administrator that will not do is refused under the names of its variables', async () => {
  const [DATA_DIR, ADMIN_EMAIL] = [join(folder, 'configured'), 'nowhere'];
  const service = new Service({ DATA_DIR, ADMIN_USERNAME: 'a', ADMIN_EMAIL, ADMIN_PASSWORD: 'short' });
  expect(await service.ended).toBe(1);
  running.delete(service);
  const [line = '', ...more] = service.output.trim().split('\n');
  for (const name of ['ADMIN_USERNAME', 'ADMIN_EMAIL', 'ADMIN_PASSWORD']) expect(line).toContain(`${name}: `);
  expect(more).toEqual([]);
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
