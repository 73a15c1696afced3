import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import argon2 from 'argon2';
import pg from 'pg';
import { pino } from 'pino';
import { createApp } from '../src/app.js';
import { loadConfig } from '../src/config.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/database/embedded/embedded-postgres.js';
import { Client } from './support/client.js';
import { run, start } from './support/command.js';
import { administer, cloneDatabase, serverOf, withDatabase } from './support/postgres.js';

const password = 'a long enough passphrase';
const create = (username: string, ...more: string[]) =>
  ['admin', 'create', '--username', username, '--email', `${username}@example.com`, ...more] as const;

let dataDir: string;
let database: Awaited<ReturnType<typeof cloneDatabase>>;
let env: Record<string, string>;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-cli-'));
  database = await cloneDatabase();
  env = { DATABASE_URL: database.url, DATA_DIR: dataDir, ARGON2_MEMORY_KIB: '64', LOG_LEVEL: 'warn' };
});

afterAll(async () => {
  await database.drop();
  await rm(dataDir, { recursive: true, force: true });
});

async function rows(url: string, statement: string, values: unknown[] = []) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return (await client.query(statement, values).finally(() => client.end())).rows;
}

async function hashOf(username: string): Promise<string> {
  const [user] = await rows(
    database.url,
    'select password_hash from users where username = $1 and is_admin and is_verified',
    [username],
  );
  return String(user?.password_hash);
}

describe('migrate', () => {
  test('brings an empty database up to date, and again', async () => {
    const name = `empty_${process.pid}`;
    const { adminUrl } = serverOf();
    await administer(adminUrl, `create database ${name}`);
    try {
      const url = withDatabase(adminUrl, name);
      for (const _time of [1, 2])
        expect(await run(['migrate'], { ...env, DATABASE_URL: url })).toMatchObject({ code: 0 });
      expect(await rows(url, 'select name from roles where is_system')).not.toHaveLength(0);
    } finally {
      await administer(adminUrl, `drop database ${name} with (force)`);
    }
  });

  test('fails when the database does not answer', async () => {
    const nobody = { ...env, DATABASE_URL: 'postgres://nobody@localhost:1/gatehouse' };
    expect(await run(['migrate'], nobody)).toMatchObject({ code: 1 });
  });
});

describe('admin create', () => {
  test('takes ADMIN_PASSWORD and does not repeat it', async () => {
    const { code, stdout, stderr } = await run(create('from.env'), { ...env, ADMIN_PASSWORD: password });
    expect(code).toBe(0);
    expect(stdout + stderr).not.toContain(password);
    expect(await argon2.verify(await hashOf('from.env'), password)).toBe(true);
  });

  test('takes the password from ADMIN_PASSWORD_FILE', async () => {
    const file = join(dataDir, 'password');
    await writeFile(file, `${password}\n`);
    expect(await run(create('from.file'), { ...env, ADMIN_PASSWORD_FILE: file })).toMatchObject({ code: 0 });
    expect(await argon2.verify(await hashOf('from.file'), password)).toBe(true);
    const missing = await run(create('from.nowhere'), { ...env, ADMIN_PASSWORD_FILE: `${file}.not` });
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('ADMIN_PASSWORD_FILE: ') });
  });

  test('takes a piped password', async () => {
    expect(await run(create('from.pipe', '--password'), env, `${password}\nmore\n`)).toMatchObject({ code: 0 });
    expect(await argon2.verify(await hashOf('from.pipe'), password)).toBe(true);
  });

  test('makes a password and shows it once', async () => {
    const { code, stdout } = await run(create('generated'), env);
    expect(code).toBe(0);
    const shown = [...stdout.matchAll(/[\w-]{43}/g)].map(([word]) => word);
    expect(shown).toHaveLength(1);
    expect(await argon2.verify(await hashOf('generated'), shown[0] ?? '')).toBe(true);
  });

  test('takes no password from its arguments, where every process can read it', async () => {
    const { code, stdout, stderr } = await run(create('by.argument', '--password', password), env);
    expect(code).toBe(2);
    expect(stdout + stderr).not.toContain(password);
    expect(await rows(database.url, "select 1 from users where username = 'by.argument'")).toEqual([]);
  });

  test('leaves an account alone that has the name', async () => {
    expect(await run(create('taken'), env)).toMatchObject({ code: 0 });
    const before = await hashOf('taken');
    expect(await run(create('taken'), env)).toMatchObject({ code: 1, stdout: '' });
    expect(await hashOf('taken')).toBe(before);
  });

  test.each([
    ['a password that is too short', create('short'), { ADMIN_PASSWORD: 'short' }],
    ['an address that is none', ['admin', 'create', '--username', 'no.address', '--email', 'nowhere'], {}],
    ['no name', ['admin', 'create', '--email', 'nobody@example.com'], {}, 2],
    ['a malformed variable', create('malformed'), { ARGON2_TIME_COST: 'two' }],
  ])('refuses %s', async (_title, args, more, exitCode = 1) => {
    const before = await rows(database.url, 'select count(*) from users');
    expect(await run(args, { ...env, ...more })).toMatchObject({ code: exitCode, stdout: '' });
    expect(await rows(database.url, 'select count(*) from users')).toEqual(before);
  });
});

describe('admin reset-password', () => {
  // A separate database, because the service that runs next to the command creates signing keys.
  let own: Awaited<ReturnType<typeof cloneDatabase>>;
  let settings: Record<string, string>;
  beforeAll(async () => {
    own = await cloneDatabase();
    settings = { ...env, DATABASE_URL: own.url };
    await run(create('steady'), settings);
    await rows(
      own.url,
      `insert into users (id, username, email, password_hash, password_changed_at, created_at)
       values (gen_random_uuid(), 'ordinary', 'ordinary@example.com', 'x', now(), now())`,
    );
  });
  afterAll(() => own.drop());

  const stateOf = async (username: string) => {
    const [state] = await rows(
      own.url,
      `select password_hash as hash,
              (select count(*)::int from sessions s where s.user_id = u.id and s.ended_at is null) as sessions,
              (select count(*)::int from api_tokens t where t.user_id = u.id and t.revoked_at is null) as tokens,
              (select count(*)::int from every_event e where e.subject_id = u.id and e.type = 'PASSWORD_RESET') as events
       from users u where username = $1`,
      [username],
    );
    return state;
  };

  test('gives another password, shows it once, and ends what the old one opened', async () => {
    const app = await createApp(loadConfig({ ...settings, PORT: '0' }), { log: pino({ level: 'silent' }) });
    try {
      expect(await run(create('forgetful'), { ...settings, ADMIN_PASSWORD: password })).toMatchObject({ code: 0 });
      const client = new Client(app.url);
      await client.login('forgetful', password);
      await client.mutate('createApiToken', { name: 'script', scopes: ['profile:read'] }, 'token');
      const stranger = new Client(app.url);
      for (let attempt = 0; attempt < 5; attempt += 1) await stranger.login('forgetful', 'not the passphrase');
      expect((await stranger.login('forgetful', password))['errors']).not.toEqual([]);
      expect(await stateOf('forgetful')).toMatchObject({ sessions: 1, events: 0 });

      // While the service runs; the name may be spelled in any case.
      const { code, stdout } = await run(['admin', 'reset-password', 'Forgetful'], settings);
      expect(code).toBe(0);
      const shown = [...stdout.matchAll(/[\w-]{43}/g)].map(([word]) => word);
      expect(shown).toHaveLength(1);
      expect(await stateOf('forgetful')).toMatchObject({ sessions: 0, tokens: 0, events: 1 });
      expect((await client.ask('{ viewer { id } }')).codes).toEqual(['UNAUTHENTICATED']);
      expect((await new Client(app.url).login('forgetful', password))['errors']).not.toEqual([]);
      expect((await new Client(app.url).login('forgetful', shown[0] ?? ''))['errors']).toEqual([]);
    } finally {
      await app.close();
    }
  }, 120_000);

  test('takes a piped password, and says nothing of it', async () => {
    expect(await run(create('piped'), settings)).toMatchObject({ code: 0 });
    const { code, stdout, stderr } = await run(
      ['admin', 'reset-password', 'piped', '--password'],
      settings,
      `${password}\n`,
    );
    expect(code).toBe(0);
    expect(stdout + stderr).not.toContain(password);
    expect(await argon2.verify(String((await stateOf('piped'))?.hash), password)).toBe(true);
  }, 60_000);

  test.each([
    ['a name that nobody has', ['admin', 'reset-password', 'nobody.at.all'], ''],
    ['no name', ['admin', 'reset-password'], '', 2],
    ['somebody who is no administrator', ['admin', 'reset-password', 'ordinary'], ''],
    ['a password that is too short', ['admin', 'reset-password', 'steady', '--password'], 'short\n'],
    ['an empty pipe', ['admin', 'reset-password', 'steady', '--password'], ''],
  ])(
    'refuses %s, and changes nothing',
    async (_title, args, input, exitCode = 1) => {
      const before = [await stateOf('steady'), await stateOf('ordinary')];
      const { code, stdout, stderr } = await run(args, settings, input);
      expect([code, stdout]).toEqual([exitCode, '']);
      expect(stderr).not.toContain('    at ');
      expect([await stateOf('steady'), await stateOf('ordinary')]).toEqual(before);
    },
    60_000,
  );
});

describe('keys', () => {
  /** The output of `keys list`: `kid`, creation time and whether the key signs. */
  async function listed(settings = env): Promise<{ kid: string; signs: boolean }[]> {
    const { code, stdout } = await run(['keys', 'list'], settings);
    expect(code).toBe(0);
    const lines = stdout.split('\n').filter(Boolean);
    return lines.map((line) => ({ kid: String(line.split(/\s+/)[0]), signs: line.endsWith('signs') }));
  }

  const made = () => rows(database.url, 'select id, retires_at from signing_keys order by created_at desc');

  test('rotate makes the key that signs, list shows all, revoke ends one', async () => {
    for (const _time of [1, 2]) expect(await run(['keys', 'rotate'], env)).toMatchObject({ code: 0 });
    const [newest, former] = await listed();
    expect([newest?.signs, former?.signs]).toEqual([true, false]);
    expect(await run(['keys', 'revoke', String(former?.kid)], env)).toMatchObject({ code: 0 });
    expect(await listed()).toEqual([newest]);
    const { code, stdout } = await run(['keys', 'revoke', String(newest?.kid)], env);
    expect(code).toBe(0);
    const [successor, ...more] = await listed();
    expect([successor?.signs, more]).toEqual([true, []]);
    expect(stdout).toContain(successor?.kid);
    expect(stdout).not.toContain('"d"');
  }, 120_000);

  test.each([
    ['an unknown key', ['keys', 'revoke', 'x'], 1],
    ['no key', ['keys', 'revoke'], 2],
    ['two keys', ['keys', 'revoke', 'x', 'y'], 2],
    ['no verb', ['keys', 'forget'], 2],
  ])(
    '%s is refused',
    async (_title, args, exitCode) => {
      const before = await made();
      const { code, stdout, stderr } = await run(args, env);
      expect([code, stdout]).toEqual([exitCode, '']);
      expect(stderr).not.toContain('    at ');
      expect(await made()).toEqual(before);
    },
    60_000,
  );

  test('another APP_SECRET is refused, and no key is made with it', async () => {
    const before = await made();
    const other = { ...env, APP_SECRET: 'another secret that has 32 bytes or more' };
    for (const args of [
      ['keys', 'rotate'],
      ['keys', 'revoke', String(before[0]?.id)],
    ])
      expect(await run(args, other)).toMatchObject({ code: 1, stdout: '' });
    expect(await made()).toEqual(before);
  }, 120_000);
});

describe('beside a running service with a database of its own', () => {
  let home: string;
  let settings: Record<string, string>;
  let postgres: EmbeddedPostgres;
  const log = { info() {}, warn() {}, error() {} };
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'gatehouse-cli-beside-'));
    settings = { ...env, DATABASE_URL: '', DATA_DIR: home };
    postgres = await startEmbeddedPostgres({ dataDir: home, log, settings: { fsync: 'off' } });
  });
  afterAll(async () => {
    await postgres.stop();
    await rm(home, { recursive: true, force: true });
  });

  test('commands work on its database, and leave it running', async () => {
    expect(await run(['migrate'], settings)).toMatchObject({ code: 0 });
    expect(await run(create('beside'), settings)).toMatchObject({ code: 0 });
    expect(await run(['keys', 'rotate'], settings)).toMatchObject({ code: 0 });
    expect(await rows(postgres.url, "select username from users where username = 'beside'")).toHaveLength(1);
    expect(await rows(postgres.url, 'select 1 from signing_keys')).toHaveLength(1);
  }, 60_000);

  test('several at once too', async () => {
    const ended = await Promise.all(['list', 'rotate', 'rotate'].map((verb) => run(['keys', verb], settings)));
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(await rows(postgres.url, 'select 1 from signing_keys where retires_at is null')).toHaveLength(1);
  });

  test('a second service is refused, and harms nothing', async () => {
    const { code, stderr } = await run(['serve'], { ...settings, PORT: '0' });
    expect(code).toBe(1);
    expect(stderr).toContain(home);
    expect(stderr).toContain('DATABASE_URL');
    expect(await rows(postgres.url, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  });
});

describe('serve', () => {
  test('answers until it is told to stop', async () => {
    const child = start(['serve'], { ...env, PORT: '0', LOG_LEVEL: 'info' });
    const ended = once(child, 'exit');
    if (!child.stdout) throw new Error('standard output is piped');
    for await (const line of createInterface({ input: child.stdout })) {
      const [url] = /http:\/\/localhost:\d+/.exec(line) ?? [];
      if (!url) continue;
      expect(await fetch(`${url}/health/live`)).toMatchObject({ status: 200 });
      child.kill('SIGTERM');
    }
    expect(await ended).toEqual([0, null]);
  });

  test('fails when its port is taken', async () => {
    const { hostname, port } = new URL(database.url);
    expect(await run(['serve'], { ...env, HOST: hostname, PORT: port })).toMatchObject({ code: 1 });
  });
});

test.each([[['--version']], [['-V']]])('%j tells the version', async (args) => {
  const { version } = JSON.parse(await readFile('package.json', 'utf8'));
  expect(await run(args, {})).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test('a source map leads from the program to its source', async () => {
  const folder = 'dist/service';
  const maps = (await readdir(folder)).filter((name) => name.endsWith('.map'));
  const texts = await Promise.all(maps.map((name) => readFile(join(folder, name), 'utf8')));
  const sources = texts.flatMap((text) => JSON.parse(text).sources.map((path: string) => resolve(folder, path)));
  expect(sources).toContain(resolve('src/commands/serve.ts'));
  // Maps of packages would take 90 MB of each process.
  expect(sources.filter((path) => path.includes('node_modules'))).toEqual([]);
});

test.each([[['no-such-command']], [['admin', 'no-such-command']], [['migrate', 'too', 'much']]])(
  'does not know %j',
  async (args) => {
    expect(await run(args, env)).toMatchObject({ code: 2, stdout: '' });
  },
);
