import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.js';
import { Client } from '../support/client.js';
import { run, start } from '../support/command.js';
import { type EmptyDatabase, emptyDatabase } from '../support/empty-database.js';
import { eventually } from '../support/eventually.js';
import { password } from '../support/harness.js';
import { rowsOf } from '../support/postgres.js';

/** Time for a command to start on a busy machine, in milliseconds. */
const patience = 40_000;

/** A service with the embedded database, in a process of its own. */
let folder: string;
let home: string;
let service: ReturnType<typeof start>;
let databaseUrl: string;
let file: string;

const envOf = (dataDir: string, more: Record<string, string> = {}) => ({
  DATA_DIR: dataDir,
  ARGON2_MEMORY_KIB: '64',
  ARGON2_TIME_COST: '1',
  ADMIN_USERNAME: 'root.admin',
  ADMIN_EMAIL: 'root@example.com',
  ADMIN_PASSWORD: password,
  HOST: '127.0.0.1',
  PORT: '0',
  ...more,
});
const secretOf = async () => (await readFile(join(home, 'app-secret'), 'utf8')).trim();

async function serve(dataDir: string): Promise<{ child: ReturnType<typeof start>; url: string }> {
  const child = start(['serve'], envOf(dataDir));
  if (!child.stdout) throw new Error('standard output is piped');
  child.stderr?.resume();
  for await (const line of createInterface({ input: child.stdout })) {
    const [found] = /http:\/\/localhost:\d+/.exec(line) ?? [];
    if (!found || !line.includes('ready')) continue;
    child.stdout.resume();
    return { child, url: found };
  }
  throw new Error('the service ended');
}

const rowsIn = (text: string, at = databaseUrl) => rowsOf(at, text);

async function end(child: ReturnType<typeof start>, signal: NodeJS.Signals): Promise<void> {
  const ended = once(child, 'close');
  child.stdout?.resume();
  if (child.exitCode === null && child.signalCode === null && child.kill(signal)) await ended;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-interrupted-'));
  home = join(folder, 'home');
  file = join(folder, 'whole.tar.gz');
  ({ child: service } = await serve(home));
  databaseUrl = String(await findEmbeddedPostgres(home));
  // Texts that do not compress, so that a backup takes a while.
  await rowsIn(`insert into posts (id, author_id, title, body, created_at, updated_at)
    select gen_random_uuid(), u.id, 'long', (select string_agg(encode(sha256((n || ' ' || m)::bytea), 'hex'), '') from generate_series(1, 400) m), now(), now()
    from generate_series(1, 300) n, users u`);
  expect(await run(['backup', file], envOf(home))).toMatchObject({ code: 0, stderr: '' });
}, 60_000);

afterAll(async () => {
  await end(service, 'SIGTERM');
  await rm(folder, { recursive: true, force: true });
}, 30_000);

test('a backup of the embedded database is restored into a fresh folder, where the same people sign in', async () => {
  const fresh = join(folder, 'fresh');
  const without = await run(['restore', file], envOf(fresh));
  expect(without).toMatchObject({ code: 1, stderr: expect.stringContaining('APP_SECRET') });
  await mkdir(fresh, { recursive: true });
  await cp(join(home, 'app-secret'), join(fresh, 'app-secret'));
  const restored = await run(['restore', '-', '--json'], envOf(fresh), await readFile(file));
  expect(restored).toMatchObject({ code: 0, stderr: '' });
  const again = await serve(fresh);
  try {
    const client = new Client(again.url);
    expect((await client.login('root.admin', password))['errors']).toEqual([]);
    expect((await client.ask('{ posts(first: 1) { totalCount } }')).data['posts']).toEqual({ totalCount: 300 });
  } finally {
    await end(again.child, 'SIGTERM');
  }
}, 60_000);

test('the folder of a running service is refused', async () => {
  const { code, stderr } = await run(['restore', file], envOf(home));
  expect([code, stderr]).toEqual([1, expect.stringContaining('a service runs')]);
});

test('a backup that is killed leaves no file of its name, and the next one clears up', async () => {
  const [nightly, target] = [join(folder, 'nightly.tar.gz'), await emptyDatabase()];
  const left = async () => (await readdir(folder)).filter((name) => name.startsWith('nightly'));
  try {
    const child = start(['backup', nightly], envOf(home));
    const [part] = await eventually(async () => {
      const names = await left();
      const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
      return sizes.some((size) => size > 65_536) && names;
    }, patience);
    expect(child.exitCode).toBeNull();
    await end(child, 'SIGKILL');
    expect(await left()).toEqual([part]);
    expect(part).not.toBe('nightly.tar.gz');
    const env = envOf(join(folder, 'other'), { DATABASE_URL: target.url, APP_SECRET: await secretOf() });
    const cut = await run(['restore', join(folder, String(part))], env);
    expect(cut).toMatchObject({ code: 1, stderr: expect.stringMatching(/cut off or damaged/) });
    expect(await rowsIn('select from users', target.url)).toEqual([]);
    expect(await run(['backup', nightly], envOf(home))).toMatchObject({ code: 0 });
    expect(await left()).toEqual(['nightly.tar.gz']);
  } finally {
    await target.drop();
  }
}, 60_000);

/** Writes half of the backup into a restore, and waits until it has loaded some of it. */
async function halfRestored(target: EmptyDatabase, env: Record<string, string>): Promise<ReturnType<typeof start>> {
  const child = start(['restore', '-'], env);
  child.stderr?.resume();
  child.stdin?.on('error', () => undefined);
  const whole = await readFile(file);
  child.stdin?.write(whole.subarray(0, Math.floor(whole.length / 2)));
  await eventually(async () => {
    const active = `select from pg_stat_activity where datname = current_database() and query like 'copy "posts"%'`;
    return (await rowsIn(active, target.url)).length > 0;
  }, patience);
  return child;
}

test('a restore that is killed leaves the database empty, and another one does it', async () => {
  const target = await emptyDatabase();
  try {
    const env = envOf(join(folder, 'other'), { DATABASE_URL: target.url, APP_SECRET: await secretOf() });
    await end(await halfRestored(target, env), 'SIGKILL');
    for (const table of ['users', 'posts']) expect(await rowsIn(`select from ${table}`, target.url)).toEqual([]);
    expect(await run(['restore', file], env)).toMatchObject({ code: 0, stderr: '' });
    expect(await rowsIn('select count(*)::int as n from posts', target.url)).toEqual(
      await rowsIn('select count(*)::int as n from posts'),
    );
  } finally {
    await target.drop();
  }
}, 60_000);

test('a command that starts meanwhile waits for the restore, and then finds the people of the backup', async () => {
  const target = await emptyDatabase();
  try {
    const env = envOf(join(folder, 'other'), { DATABASE_URL: target.url, APP_SECRET: await secretOf() });
    const child = await halfRestored(target, env);
    const listed = run(['users', 'list'], env);
    await eventually(async () => {
      const waiting = `select from pg_locks where locktype = 'advisory' and not granted
        and database = (select oid from pg_database where datname = current_database())`;
      return (await rowsIn(waiting, target.url)).length > 0;
    }, patience);
    const ended = once(child, 'close');
    child.stdout?.resume();
    child.stdin?.end((await readFile(file)).subarray(Math.floor((await stat(file)).size / 2)));
    expect((await ended)[0]).toBe(0);
    expect(await listed).toMatchObject({ code: 0, stdout: expect.stringContaining('root.admin') });
  } finally {
    await target.drop();
  }
}, 60_000);

test('standard output gets the backup alone, and a reader that goes away is told of', async () => {
  const child = start(['backup', '-', '--json'], envOf(home));
  const parts: Buffer[] = [];
  child.stdout?.on('data', (part) => parts.push(part));
  let told = '';
  child.stderr?.on('data', (part) => {
    told += part;
  });
  expect((await once(child, 'close'))[0]).toBe(0);
  const { tables } = JSON.parse(told);
  expect(tables).toBeGreaterThan(20);
  expect(Buffer.concat(parts).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));

  const left = start(['backup', '-'], envOf(home));
  let reason = '';
  left.stderr?.on('data', (part) => {
    reason += part;
  });
  left.stdout?.once('data', () => left.stdout?.destroy());
  expect((await once(left, 'exit'))[0]).toBe(1);
  expect(reason).toContain('EPIPE');
  expect(reason).not.toContain('    at ');
}, 60_000);
