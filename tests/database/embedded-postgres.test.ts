import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  findEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/database/embedded/embedded-postgres.js';
import { cachedBinaries } from '../../src/database/embedded/embedded-postgres-binaries.js';
import { PostgresExitError } from '../../src/database/embedded/embedded-postgres-server.js';
import { choosePostgresUser } from '../../src/database/embedded/embedded-postgres-user.js';
import { describeProcess } from '../../src/operations/process-info.js';

const fixture = resolve('tests/database/start-postgres.fixture.mjs');
const built = pathToFileURL(resolve('dist/src/database/embedded/embedded-postgres.js')).href;
const asRoot = process.getuid?.() === 0 ? test : test.skip;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

let root: string;
let directories = 0;
const running: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];

beforeAll(async () => {
  // mkdtemp creates it with mode 0700: as root, the account of PostgreSQL cannot enter it.
  root = await mkdtemp(join(tmpdir(), 'gatehouse database '));
});

afterEach(async () => {
  await Promise.all(children.splice(0).map(end));
  await Promise.all(running.splice(0).map((postgres) => postgres.stop()));
});

/** Ends a fixture, which stops its PostgreSQL when its input ends. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  if (child.stdin) child.stdin.end();
  else child.kill();
  await exit;
}

afterAll(async () => {
  // A database that was killed may write a last file.
  await rm(root, { recursive: true, force: true, maxRetries: 10 });
});

function newDataDir(): string {
  directories += 1;
  return join(root, `data ${directories}`);
}

async function start(dataDir: string, more: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, log: silent, settings: { fsync: 'off' }, ...more });
  running.push(postgres);
  return postgres;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Starts the same code in a separate process, which a test can kill. */
async function startInChild(dataDir: string): Promise<{ child: ChildProcess; url: string; code: string }> {
  const child = spawn(process.execPath, [fixture, built, dataDir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const [line] = await once(createInterface(child.stdout), 'line');
  return { child, ...JSON.parse(line) };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Waits for a condition; the test's time-out ends it. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await nextTurn();
}

async function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => []);
}

async function postmasterPid(dataDir: string): Promise<number> {
  return Number.parseInt(await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10);
}

test('data outlives a restart, and only the first start makes the cluster', async () => {
  const dataDir = newDataDir();
  const first = await start(dataDir);
  expect(first.fresh).toBe(true);
  await query(first.url, 'create table kept as select 42 as answer');
  await first.stop();

  const second = await start(dataDir);
  expect(second.fresh).toBe(false);
  expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
});

test('the directory and the password are closed to others, and nothing temporary remains', async () => {
  const dataDir = newDataDir();
  const { url } = await start(dataDir);
  expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
  expect((await stat(join(dataDir, 'postgres.password'))).mode & 0o777).toBe(0o600);
  expect((await readdir(dataDir)).sort()).toEqual(['postgres', 'postgres.log', 'postgres.password']);
  expect(await readFile(join(dataDir, 'postgres.log'), 'utf8')).not.toContain(new URL(url).password);
});

test('upper and lower case work beyond ASCII', async () => {
  const { url } = await start(newDataDir());
  const sql = `select lower('ÅSA ЖАННА') as lowered, 'ÉMILE' ilike 'émile' as alike, 'ÑU' ~* 'ñu' as matched`;
  expect(await query(url, sql)).toEqual([{ lowered: 'åsa жанна', alike: true, matched: true }]);
});

test('only 127.0.0.1 is served, and only with the password', async () => {
  const { url } = await start(newDataDir());
  expect(await query(url, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
  expect(await query(url, 'show unix_socket_directories')).toEqual([{ unix_socket_directories: '' }]);
  const wrong = new URL(url);
  wrong.password = 'wrong';
  await expect(query(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
});

test('stop leaves no process, even with open connections, and may be called again', async () => {
  const dataDir = newDataDir();
  const postgres = await start(dataDir);
  const pid = await postmasterPid(dataDir);
  const client = new pg.Client({ connectionString: postgres.url });
  client.on('error', () => undefined);
  await client.connect();
  await Promise.all([postgres.stop(), postgres.stop()]);
  await postgres.stop();
  expect(await describeProcess(pid)).toBeUndefined();
});

test('an exit that nobody asked for is reported', async () => {
  const dataDir = newDataDir();
  const error = await new Promise<PostgresExitError>((resolve, reject) => {
    start(dataDir, { onUnexpectedExit: resolve })
      .then(async () => process.kill(await postmasterPid(dataDir), 'SIGINT'))
      .catch(reject);
  });
  expect(error).toBeInstanceOf(PostgresExitError);
  expect(error.exitCode).toBe(0);
});

test('a server that cannot start is reported with its code', async () => {
  const failing = start(newDataDir(), { settings: { fsync: 'off', shared_buffers: 'nonsense' } });
  await expect(failing).rejects.toMatchObject({ code: 'POSTGRES_EXITED', exitCode: 1 });
});

test('a second instance is refused and leaves the first alone', async () => {
  const dataDir = newDataDir();
  const first = await start(dataDir);
  await expect(start(dataDir)).rejects.toMatchObject({ code: 'DATA_DIRECTORY_IN_USE', dataDir });
  const other = await startInChild(dataDir);
  expect(other.code).toBe('DATA_DIRECTORY_IN_USE');
  expect(await query(first.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(existsSync(join(dataDir, 'postgres.log'))).toBe(true);
});

test('another process finds the running one, which stays as it is', async () => {
  const dataDir = newDataDir();
  expect(await findEmbeddedPostgres(dataDir)).toBeUndefined();
  const { child, url } = await startInChild(dataDir);
  expect(await findEmbeddedPostgres(dataDir)).toBe(url);
  expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  // An orphaned server is not found; the next start stops it.
  await kill(child);
  expect(await findEmbeddedPostgres(dataDir)).toBeUndefined();
});

test('of two that start together on an empty directory exactly one wins', async () => {
  const dataDir = newDataDir();
  const outcomes = await Promise.all([startInChild(dataDir), startInChild(dataDir), startInChild(dataDir)]);
  const winners = outcomes.filter(({ url }) => url !== undefined);
  expect(winners).toHaveLength(1);
  expect(outcomes.map(({ code }) => code).filter(Boolean)).toEqual(Array(2).fill('DATA_DIRECTORY_IN_USE'));
  expect(await query(winners[0]?.url ?? '', 'select 1 as one')).toEqual([{ one: 1 }]);
  expect((await readdir(dataDir)).sort()).toEqual(['postgres', 'postgres.log', 'postgres.password']);
});

test('after kill -9 the next start stops the orphaned server and finds the data', async () => {
  const dataDir = newDataDir();
  const { child, url } = await startInChild(dataDir);
  await query(url, 'create table kept as select 42 as answer');
  const orphan = await postmasterPid(dataDir);
  await kill(child);
  expect(await describeProcess(orphan)).toBeDefined();

  const next = await start(dataDir);
  expect(next.fresh).toBe(false);
  expect(await describeProcess(orphan)).toBeUndefined();
  expect(await query(next.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
});

test('kill -9 while the cluster is made leaves nothing half made', async () => {
  const dataDir = newDataDir();
  const starting = startInChild(dataDir);
  // The child is killed before it prints its line.
  void starting.catch(() => undefined);
  const child = children.at(-1);
  await until(async () => (await namesIn(dataDir)).some((name) => name.startsWith('postgres.tmp-')));
  if (child) await kill(child);
  expect(await namesIn(dataDir)).not.toContain('postgres');

  expect((await start(dataDir)).fresh).toBe(true);
  expect((await readdir(dataDir)).sort()).toEqual(['postgres', 'postgres.log', 'postgres.password']);
});

test('after a crash of both, a pid file whose number is now another process is no obstacle', async () => {
  const dataDir = newDataDir();
  const cluster = join(dataDir, 'postgres');
  const user = await choosePostgresUser(cluster);
  await (await start(dataDir)).stop();
  // Runs as PostgreSQL's account, so that PostgreSQL would take it for another server.
  const stranger = spawn('sleep', ['600'], { ...user, stdio: 'ignore' });
  children.push(stranger);
  const content = [stranger.pid, cluster, 1_700_000_000, 5432, '', '127.0.0.1', '  1 1', 'ready   ', ''].join('\n');
  await writeFile(join(cluster, 'postmaster.pid'), content, { mode: 0o600 });
  if (user) await chown(join(cluster, 'postmaster.pid'), user.uid, user.gid);

  const { url } = await start(dataDir);
  expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(stranger.exitCode).toBeNull();
});

asRoot('the programs are copied once to where another account can run them, and a trap is not trusted', async () => {
  const user = await choosePostgresUser(join(root, 'none'));
  const platform = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const entry = platform.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const bin = join(dirname(entry), '..', 'native', 'bin');
  const source = { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
  const parent = await mkdtemp(join(tmpdir(), 'gatehouse-programs-'));
  await chmod(parent, 0o755);
  try {
    const [trap, good] = [join(parent, 'trap'), join(parent, 'good')];
    await mkdir(trap);
    await chmod(trap, 0o777);
    const first = await cachedBinaries(source, 'test', user, [trap, good]);
    expect(first.postgres).toBe(join(good, 'postgres-test', 'bin', 'postgres'));
    expect((await lstat(dirname(first.postgres))).mode & 0o777).toBe(0o755);
    const { ino } = await lstat(first.postgres);
    const second = await cachedBinaries(source, 'test', user, [good]);
    expect((await lstat(second.postgres)).ino).toBe(ino);
    await chmod(join(good, 'postgres-test'), 0o777);
    await expect(cachedBinaries(source, 'test', user, [good])).rejects.toBeInstanceOf(AggregateError);
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
});
