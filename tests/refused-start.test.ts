import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from './support/eventually.js';
import { freePort } from './support/free-port.js';
import { credentials, folderOfServices, isRunning, patience, Started, useFolderOfServices } from './support/started.js';

useFolderOfServices();

test('a taken port is named, and nothing is left running', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  const service = new Started({ PORT: String(port) });
  expect(await service.ended).toBe(1);
  expect(service.output).toContain(String(port));
  expect(service.output).not.toContain('    at ');
  expect(existsSync(join(folderOfServices(), '.gatehouse'))).toBe(false);
  taken.close();
});

test('a taken port of the metrics is named, and the start has changed nothing', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  const fresh = join(folderOfServices(), 'fresh-metrics');
  const service = new Started({ DATA_DIR: fresh, METRICS_PORT: String(port) });
  expect(await service.ended).toBe(1);
  expect(service.output).toBe(`gatehouse: METRICS_PORT: ${port} is already in use; set another\n`);
  expect(existsSync(fresh)).toBe(false);
  taken.close();
});

test('a first start that does not get its port leaves no administrator behind', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  const fresh = join(folderOfServices(), 'fresh');
  const refused = new Started({ DATA_DIR: fresh, PORT: String(port) });
  expect(await refused.ended).toBe(1);
  expect(refused.output).toMatch(/^gatehouse: PORT: /);
  expect(existsSync(fresh)).toBe(false);
  taken.close();
  const service = new Started({ DATA_DIR: fresh });
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
  const service = new Started({ DATABASE_URL: silent.url, PORT: String(port) });
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
  const directory = join(folderOfServices(), 'interrupted');
  for (const [name, isReached] of moments) {
    const service = new Started({ DATA_DIR: directory });
    await eventually(() => isReached(directory), patience);
    expect([name, await service.stop()]).toEqual([name, 0]);
    expect(service.output).not.toContain('    at ');
    expect([name, await databasesIn(directory)]).toEqual([name, []]);
    expect(existsSync(join(directory, 'postgres', 'postmaster.pid'))).toBe(false);
  }
  const service = new Started({ DATA_DIR: directory });
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
  const service = new Started(env);
  expect(await service.ended).toBe(1);
  expect(service.output.trim().split('\n')).toHaveLength(1);
  expect(service.output).toContain(name);
});

test('all faults are told at once, a line for each', async () => {
  const DATABASE_URL = 'mysql://user:hunter2@localhost/x';
  const service = new Started({ PORT: 'eighty', DATABSE_URL: 'x', APP_SECRET_FILE: '/nowhere', DATABASE_URL });
  expect(await service.ended).toBe(1);
  const [first, ...lines] = service.output.trim().split('\n');
  expect(first).toBe('gatehouse: 4 faults in the configuration:');
  expect(lines).toHaveLength(4);
  for (const name of ['PORT', 'DATABSE_URL', 'APP_SECRET_FILE', 'DATABASE_URL'])
    expect(lines.filter((line) => line.startsWith(`  ${name}: `))).toHaveLength(1);
  expect(service.output).not.toContain('hunter2');
});

describe('a file .env in the working directory', () => {
  const file = () => join(folderOfServices(), '.env');
  beforeAll(() => writeFile(file(), 'LOCKOUT_DURATION=soon\n'));
  afterAll(() => rm(file()));

  test('is read by the service', async () => {
    const service = new Started();
    expect(await service.ended).toBe(1);
    expect(service.output).toMatch(/^gatehouse: LOCKOUT_DURATION: /);
  });

  test('is read by commands', async () => {
    const command = [resolve('dist/service/cli.js'), 'keys', 'list'];
    const { PATH = '' } = process.env;
    const running = promisify(execFile)(process.execPath, command, { cwd: folderOfServices(), env: { PATH } });
    await expect(running).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^gatehouse: LOCKOUT_DURATION: /),
    });
  });

  test('is not read in production, and the log says so in one line', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const env = { NODE_ENV: 'production', APP_SECRET: 'a secret that has at least 32 bytes', PORT: String(port) };
    const service = new Started(env);
    expect(await service.ended).toBe(1);
    expect(service.output.match(/\.env is not read/g)).toHaveLength(1);
    expect(service.output).toMatch(/gatehouse: PORT: /);
    taken.close();
  });
});

test.each([
  ['DATABASE_URL', ['--demo'], { DATABASE_URL: 'postgres://a:b@localhost/c' }],
  ['NODE_ENV', ['--demo'], { NODE_ENV: 'production', APP_SECRET: 'a secret that has at least 32 bytes' }],
  ['--demo', ['--dmeo'], {}],
  ['--demo', ['--demo', 'now'], {}],
])('a wrong start of the demo is refused and names %s: %j %j', async (name, args, env: Record<string, string>) => {
  const service = new Started(env, args);
  expect(await service.ended).toBe(1);
  expect(service.output.trim().split('\n')).toHaveLength(1);
  expect(service.output).toContain(name);
  expect(existsSync(join(folderOfServices(), '.gatehouse-demo'))).toBe(false);
});

test('a configured administrator that will not do is refused under the names of its variables', async () => {
  const [DATA_DIR, ADMIN_EMAIL] = [join(folderOfServices(), 'configured'), 'nowhere'];
  const service = new Started({ DATA_DIR, ADMIN_USERNAME: 'a', ADMIN_EMAIL, ADMIN_PASSWORD: 'short' });
  expect(await service.ended).toBe(1);
  const [line = '', ...more] = service.output.trim().split('\n');
  for (const name of ['ADMIN_USERNAME', 'ADMIN_EMAIL', 'ADMIN_PASSWORD']) expect(line).toContain(`${name}: `);
  expect(more).toEqual([]);
});
