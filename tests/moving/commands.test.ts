import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import type { Client } from '../support/client.js';
import { run, start } from '../support/command.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { codesOf, jsonLinesOf, someone, take } from '../support/moving.js';

jest.setTimeout(120_000);

const foreign =
  'pbkdf2:sha256:260000$xQ7bPd3TzLw9Ks2M$afb3a6ff543ba79f42786d5815d8c07f566b02dd8966651f2806f446857d1911';

let harness: Harness;
let admin: Client;
let env: Record<string, string>;
let folder: string;
beforeAll(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-moving-'));
  const { appSecret = '' } = harness.app.services.config;
  env = { DATABASE_URL: harness.databaseUrl, APP_SECRET: appSecret, DATA_DIR: folder, LOG_LEVEL: 'warn' };
});
afterAll(async () => {
  await harness.close();
  await rm(folder, { recursive: true, force: true });
});

const rows = <Row>(text: string, values: unknown[] = []) =>
  harness.app.services.database.sql.rows<Row>(text, values as never);
const countOf = async (pattern: string) => {
  const [row] = await rows<{ people: number; events: number }>(
    `select count(*)::int as people, (select count(*)::int from every_event where type = 'USER_CREATED'
       and details->>'username' like $1) as events from users where username like $1`,
    [pattern],
  );
  return row;
};
const fileOf = async (name: string, text: string) => {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
};
const crowd = (name: string, count: number) =>
  Array.from({ length: count }, (_, place) => ({ username: `${name}${place}`, email: `${name}${place}@example.com` }));
const told = (stdout: string) =>
  stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('a service that runs knows at once who was imported, and what they may do', async () => {
  await admin.mutate('createRole', { name: 'editor', level: 5 }, 'role { id }');
  const path = await fileOf(
    'one.jsonl',
    jsonLinesOf({
      ...someone(),
      username: 'brought.in',
      passwordHash: foreign,
      roles: ['EDITOR'],
      firstName: 'Zuzana',
    }),
  );
  const dry = await run(['users', 'import', path, '--dry-run', '--json'], env);
  expect({ code: dry.code, told: told(dry.stdout) }).toEqual({
    code: 0,
    told: [{ wouldImport: 1, refused: 0, earlier: 0 }],
  });
  expect(await countOf('brought.in')).toEqual({ people: 0, events: 0 });
  const { code, stdout, stderr } = await run(['users', 'import', path], env);
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: '1 person imported, 0 records refused.\n',
    stderr: '',
  });
  const client = harness.client();
  await client.login('brought.in', password);
  const { data } = await client.ask('{ viewer { firstName roles { name } } }');
  expect(data['viewer']).toMatchObject({ firstName: 'Zuzana', roles: [{ name: 'editor' }, { name: 'user' }] });
  const found = await admin.ask('{ users(search: "zuzan", first: 5) { nodes { username } } }');
  expect(found.data['users']?.['nodes']).toEqual([{ username: 'brought.in' }]);
  const [stored] = await rows<{ hash: string }>(
    `select password_hash as hash from users where username = 'brought.in'`,
  );
  expect(stored?.hash).toMatch(/^\$argon2id\$/);
});

test('an import that is killed goes on where it was, and everybody is there once', async () => {
  const people = crowd('killed', 6000);
  const path = await fileOf('killed.jsonl', jsonLinesOf({ username: '?', email: '?' }, ...people, { username: '!' }));
  const child = start(['users', 'import', path, '--json'], env);
  child.stdout?.resume();
  await eventually(async () => ((await countOf('killed%'))?.people ?? 0) >= 1000);
  child.kill('SIGKILL');
  await once(child, 'close');
  const { people: before = 0 } = (await countOf('killed%')) ?? {};
  const { code, stdout } = await run(['users', 'import', path, '--json'], env);
  expect(code).toBe(1);
  expect(told(stdout)).toEqual([
    { line: 1, code: 'INVALID_INPUT', reason: expect.any(String) },
    { line: 6002, code: 'MALFORMED', reason: expect.any(String) },
    { imported: 6000 - before, refused: 2, earlier: before },
  ]);
  expect(await countOf('killed%')).toEqual({ people: 6000, events: 6000 });
  const again = await run(['users', 'import', path, '--json'], env);
  expect(told(again.stdout).at(-1)).toEqual({ imported: 0, refused: 2, earlier: 6000 });
});

test('of two imports of one file at once each person comes from one', async () => {
  const path = await fileOf('twice.jsonl', jsonLinesOf(...crowd('twice', 3000)));
  const both = await Promise.all([1, 2].map(() => run(['users', 'import', path, '--json'], env)));
  const counts = both.map(({ code, stdout, stderr }) => {
    if (code === 0) return Number(told(stdout).at(-1)?.['imported']);
    expect(stderr).toContain('being imported by another process');
    return undefined;
  });
  expect(counts.some((count) => count !== undefined)).toBe(true);
  expect(await countOf('twice%')).toEqual({ people: 3000, events: 3000 });
});

test('a name that somebody registers meanwhile is refused alone', async () => {
  const other = new pg.Client(harness.databaseUrl);
  await other.connect();
  await other.query('begin');
  await other.query(`insert into users (id, username, email, password_hash, password_changed_at, created_at)
    values (gen_random_uuid(), 'raced', 'quick@example.com', '!', now(), now())`);
  const [before, after] = [someone(), someone()];
  const taking = take(harness, jsonLinesOf(before, { ...someone(), username: 'raced' }, after));
  await eventually(
    async () =>
      (await rows(`select from pg_stat_activity where wait_event_type = 'Lock' and query like 'insert into users%'`))
        .length > 0,
  );
  await other.query('commit');
  await other.end();
  const taken = await taking;
  expect(codesOf(taken)).toEqual([[2, 'USERNAME_TAKEN']]);
  expect(taken.imported).toBe(2);
});

test('a refusal is reported, what is repaired is taken later, and nobody twice', async () => {
  const text = jsonLinesOf({ ...someone(), roles: ['not.yet'] }, { ...someone(), admin: true }, someone());
  const path = await fileOf('repaired.jsonl', text);
  const first = await run(['users', 'import', path], env);
  expect(first.code).toBe(1);
  expect(first.stdout).toMatch(
    /^line 1: UNKNOWN_ROLE: .*\nline 2: ADMINISTRATOR: .*\n1 person imported, 2 records refused\.\n$/,
  );
  await admin.mutate('createRole', { name: 'not.yet', level: 5 }, 'role { id }');
  const second = await run(['users', 'import', path, '--allow-administrators'], env);
  expect(second).toMatchObject({
    code: 0,
    stdout: '2 people imported, 0 records refused. 1 had been imported before.\n',
  });
});

test('what cannot be an import is refused before anything is done', async () => {
  const refused = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(['users', 'import', ...args], env);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    return stderr;
  };
  const path = await fileOf('unknown.txt', 'name;mail\n');
  expect(await refused(path)).toMatch(/--format/);
  expect(await refused(path, '--format', 'xml')).toMatch(/--format is one of/);
  expect(await refused(join(folder, 'absent'))).toMatch(/cannot be read \(ENOENT\)/);
  expect(await refused(folder)).toMatch(/is not a file/);
  const later = await fileOf('later.jsonl', jsonLinesOf({ type: 'gatehouse', version: 2 }));
  expect(await refused(later)).toMatch(/version/);
});

test('an export is a file of its owner, is never overwritten, and is on record', async () => {
  const path = join(folder, 'out.jsonl');
  const { code, stdout } = await run(['users', 'export', path, '--json'], env);
  const [{ count } = { count: 0 }] = await rows<{ count: number }>('select count(*)::int as count from users');
  expect({ code, told: told(stdout) }).toEqual({ code: 0, told: [{ file: path, people: count }] });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const text = await readFile(path, 'utf8');
  expect(text.split('\n').filter((line) => line.startsWith('{"type":"person"'))).toHaveLength(count);
  const again = await run(['users', 'export', path], env);
  expect(again).toMatchObject({ code: 1, stdout: '', stderr: `gatehouse: ${path} is there already.\n` });
  expect(await readFile(path, 'utf8')).toBe(text);
  const piped = await run(['users', 'export', '--without-secrets'], env);
  expect(piped.stdout.split('\n')[0]).toMatch(/^\{"type":"gatehouse","version":1,/);
  expect(await rows(`select details from every_event where type = 'USERS_EXPORTED' order by occurred_at`)).toEqual([
    { details: { by: 'operator', secrets: true } },
    { details: { by: 'operator', secrets: false } },
  ]);
});
