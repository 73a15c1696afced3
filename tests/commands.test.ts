import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Command } from 'commander';
import { buildSchema } from 'graphql';
import { defineAccounts } from '../src/commands/define-accounts.js';
import { defineOperation } from '../src/commands/define-operation.js';
import { defineWork } from '../src/commands/define-work.js';
import { Client } from './support/client.js';
import { run } from './support/command.js';
import { allPublished } from './support/events.js';
import { eventually } from './support/eventually.js';
import { Harness, password } from './support/harness.js';
import { administer, serverOf, withDatabase } from './support/postgres.js';
import { equip } from './support/second-factor.js';

let harness: Harness;
let ada: Client;
let env: Record<string, string>;
const dataDir = join(tmpdir(), `gatehouse-commands-${process.pid}`);
beforeAll(async () => {
  harness = await Harness.start();
  ada = await harness.person('ada');
  const { appSecret = '' } = harness.app.services.config;
  env = { DATABASE_URL: harness.databaseUrl, APP_SECRET: appSecret, DATA_DIR: dataDir, LOG_LEVEL: 'warn' };
});
afterAll(async () => {
  await harness.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** Runs a command with `--json`. @returns what it printed */
async function told(...args: string[]): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await run([...args, '--json'], env);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const rows = (text: string, values: string[] = []) => harness.app.services.database.sql.rows(text, values);

describe('users list', () => {
  test('shows accounts with their roles, narrowed as asked', async () => {
    const admin = await harness.admin();
    await harness.person('bea');
    await admin.mutate('deactivateUser', { userId: String(ada.userId) }, 'user { id }');
    const names = async (...args: string[]) => (await told('users', 'list', ...args)).map(({ username }) => username);
    expect(await names()).toEqual(['ada', 'bea', 'root.admin']);
    expect(await names('--search', 'BEA@')).toEqual(['bea']);
    expect(await names('--active')).toEqual(['bea', 'root.admin']);
    expect(await names('--deactivated')).toEqual(['ada']);
    expect(await names('--role', 'User')).toEqual(['ada', 'bea', 'root.admin']);
    expect(await names('--role', 'nobody')).toEqual([]);
    await admin.mutate('reactivateUser', { userId: String(ada.userId) }, 'user { id }');
    await ada.login('ada', password);
    const role = await admin.mutate('createRole', { name: 'short-lived', level: 5 }, 'role { id }');
    const roleId = String(role['role']?.['id']);
    const [before] = await told('users', 'list', '--search', 'bea');
    await admin.mutate('grantRole', { userId: String(before?.['id']), roleId }, 'grant { id }');
    expect(await names('--role', 'short-lived')).toEqual(['bea']);
    await admin.mutate('deleteRole', { roleId }, 'deletedRoleId');
    expect(await names('--role', 'short-lived')).toEqual([]);
    const [bea] = await told('users', 'list', '--search', 'bea');
    expect(bea).toMatchObject({ email: 'bea@example.com', isVerified: true, isAdmin: false, roles: ['user'] });
    expect((await run(['users', 'list'], env)).stdout).toMatch(/^[\da-f-]{36} {2}ada .* user$/m);
  });

  test('reads all of many accounts', async () => {
    await rows(`insert into users (id, username, email, password_hash, is_active, is_admin, is_verified, password_changed_at, created_at)
      select gen_random_uuid(), 'many' || n, 'many' || n || '@example.com', '!', true, false, true, now(), now()
      from generate_series(1, 2500) n`);
    const found = await told('users', 'list', '--search', 'many');
    expect(new Set(found.map(({ username }) => username)).size).toBe(2500);
    await rows(`delete from users where username like 'many%'`);
  });
});

describe('sessions', () => {
  test('are listed, and end in a service that runs', async () => {
    await ada.login('ada', password);
    const listed = await told('sessions', 'list', 'ada@example.com');
    expect(listed.map(({ id }) => id)).toContain(ada.sessionId);
    expect(listed[0]).toMatchObject({ userId: ada.userId, ipAddress: '127.0.0.1' });
    const [ended] = await told('sessions', 'revoke', 'ada');
    expect(ended).toEqual({ userId: ada.userId, ended: listed.length });
    expect((await ada.ask('{ viewer { id } }')).codes).toEqual(['UNAUTHENTICATED']);
    expect(await told('sessions', 'list', String(ada.userId))).toEqual([]);
    const [event] = await rows(
      `select details->>'by' as by from every_event where type = 'SESSION_REVOKED' and subject_id = $1
       order by occurred_at desc limit 1`,
      [String(ada.userId)],
    );
    expect(event).toEqual({ by: 'operator' });
    await ada.login('ada', password);
  });

  test.each(['nobody', 'nobody@example.com', '7f1f9ac6-9f3a-4c1e-8f33-7a0d5a2d9d55', ''])(
    'of %j, who is not there, are refused',
    async (named) => {
      const { code, stdout, stderr } = await run(['sessions', 'revoke', named], env);
      expect({ code, stdout, stderr }).toEqual({
        code: 1,
        stdout: '',
        stderr: 'gatehouse: There is no account of this name, address or id.\n',
      });
    },
  );
});

describe('two-factor reset', () => {
  test('removes a second factor, leaves an event and mails the owner', async () => {
    const { client } = await equip(harness, 'lost.phone');
    expect(await told('two-factor', 'reset', 'lost.phone')).toEqual([
      { userId: client.userId, username: 'lost.phone' },
    ]);
    const fresh = new Client(harness.app.url);
    await fresh.login('lost.phone', password);
    expect(fresh.token).not.toBe('undefined');
    const mail = await eventually(() =>
      harness.mailbox.mails.find(({ to, subject }) => to === 'lost.phone@example.com' && /was removed/.test(subject)),
    );
    expect(mail.text).toContain('has removed the second factor');
    const events = await rows(
      `select details->>'by' as by, details->'changes'->'twoFactorEnabled' as change from every_event
       where type = 'TWO_FACTOR_DISABLED' and subject_id = $1`,
      [String(client.userId)],
    );
    expect(events).toEqual([{ by: 'operator', change: { from: true, to: false } }]);
    const again = await run(['two-factor', 'reset', 'lost.phone'], env);
    expect(again).toMatchObject({ code: 1, stderr: 'gatehouse: There is no second factor.\n' });
  });
});

describe('mail retry', () => {
  test('sends what has failed once more', async () => {
    harness.mailbox.refused.set('refused@example.com', { responseCode: 550, message: 'no such mailbox' });
    const client = harness.client();
    await client.mutate('register', { username: 'refused', email: 'refused@example.com', password }, 'email');
    await eventually(async () => (await told('jobs', 'failed')).length === 1);
    harness.mailbox.refused.clear();
    const [retried] = await told('mail', 'retry');
    expect(retried).toMatchObject({ recipient: 'refused@example.com', kind: 'verification' });
    await eventually(() => harness.mailbox.mails.some(({ to }) => to === 'refused@example.com'));
    expect(await told('mail', 'retry')).toEqual([]);
  });
});

describe('events export', () => {
  test('prints every event once and in order, and goes on behind a number', async () => {
    await allPublished(harness);
    const events = await told('events', 'export');
    const numbers = events.map(({ sequence }) => Number(sequence));
    expect(numbers).toEqual(numbers.map((_, place) => place + 1));
    expect(events.map(({ type }) => type)).toContain('LOGIN_SUCCEEDED');
    const { data } = await (await harness.admin()).ask('{ securityEvents(first: 1) { nodes { cursor id } } }');
    const first = data['securityEvents']?.['nodes']?.[0];
    expect(events[0]).toMatchObject({ id: first?.['id'], cursor: first?.['cursor'] });
    const [next] = await told('events', 'export', '--after', String(numbers.at(-2)));
    expect(next).toEqual(events.at(-1));
    const wrong = await run(['events', 'export', '--after', "1'"], env);
    expect(wrong).toMatchObject({ code: 1, stdout: '', stderr: 'gatehouse: --after takes the number of an event.\n' });
  });
});

describe('cache clear', () => {
  test('has a service that runs read again what it remembers', async () => {
    await ada.ask('{ viewer { id } }');
    const before = harness.app.services.principals.version;
    expect(await told('cache', 'clear')).toEqual([{ cleared: true }]);
    await eventually(() => harness.app.services.principals.version > before);
    expect((await ada.ask('{ viewer { username } }')).data).toEqual({ viewer: { username: 'ada' } });
  });
});

test('every command is in docs/operations.md, and nothing else is', async () => {
  const gatehouse = new Command();
  for (const define of [defineOperation, defineAccounts, defineWork]) define(gatehouse, {});
  const named = (command: Command, before: string[] = []): string[] => {
    const path = [...before, command.name()].filter(Boolean);
    const { commands } = command;
    const runs = commands.length === 0 || path.join() === 'migrate';
    return [...(runs ? [path.join(' ')] : []), ...commands.flatMap((each) => named(each, path))];
  };
  const table =
    (await readFile('docs/operations.md', 'utf8')).split('## Commands')[1]?.split('- Every command')[0] ?? '';
  const inTable = table
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) =>
      [...(line.split(' | ')[0] ?? '').matchAll(/`([a-z -]+?)(?: <user>| <file>| --yes)?`/g)].map(([, name]) => name),
    );
  expect(inTable.sort()).toEqual(named(gatehouse).sort());
});

test('schema print shows the schema without a database', async () => {
  const { code, stdout } = await run(['schema', 'print'], { DATABASE_URL: 'postgres://nobody@localhost:1/none' });
  expect(code).toBe(0);
  expect(buildSchema(stdout).getQueryType()?.getFields()['viewer']).toBeDefined();
});

describe('migrate', () => {
  let own: Record<string, string>;
  const name = `commands_${process.pid}`;
  const { adminUrl } = serverOf();
  beforeAll(async () => {
    await administer(adminUrl, `create database ${name}`);
    own = { ...env, DATABASE_URL: withDatabase(adminUrl, name) };
  });
  afterAll(() => administer(adminUrl, `drop database ${name} with (force)`));

  test('status, up and down agree', async () => {
    const states = async () => {
      const { code, stdout } = await run(['migrate', 'status'], own);
      return {
        code,
        states: stdout
          .split('\n')
          .filter(Boolean)
          .map((line) => line.split(' ')[0]),
      };
    };
    const before = await states();
    expect(before.code).toBe(1);
    expect(new Set(before.states)).toEqual(new Set(['pending']));
    expect(await run(['migrate', 'up'], own)).toMatchObject({ code: 0 });
    const { length } = before.states;
    expect(await states()).toEqual({ code: 0, states: Array.from({ length }, () => 'done') });
    expect(await run(['migrate', 'down'], own)).toMatchObject({ code: 1, stdout: '' });
    expect(await run(['migrate', 'down', '--yes'], own)).toMatchObject({ code: 0 });
    expect((await states()).states.slice(-2)).toEqual(['done', 'pending']);
    expect(await run(['migrate'], own)).toMatchObject({ code: 0 });
    expect(await states()).toMatchObject({ code: 0 });
  });

  test('down is refused while a service runs on the database', async () => {
    const { code, stderr } = await run(['migrate', 'down', '--yes'], env);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'gatehouse: a service runs on this database; stop it first.\n',
    });
  });
});

describe('doctor', () => {
  const states = async (more: Record<string, string> = {}) => {
    const { code, stdout, stderr } = await run(['doctor', '--json'], { ...env, ...more });
    expect(stderr).toBe('');
    const found = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { check: string; state: string; told: string });
    return { code, found, faults: found.filter(({ state }) => state === 'fault') };
  };

  test('finds nothing wrong with a service that runs', async () => {
    const { code, found } = await states();
    expect(found.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(code).toBe(0);
    const checks = ['configuration', 'pages', 'disk', 'database', 'rights', 'extensions', 'clock', 'signals'];
    expect(found.map(({ check }) => check)).toEqual(
      expect.arrayContaining([...checks, 'migrations', 'keys', 'administrators', 'jobs', 'events']),
    );
  });

  test.each([
    ['a malformed variable', { PORT: 'four' }, 'configuration', /PORT/],
    [
      'a database that does not answer',
      { DATABASE_URL: 'postgres://x:hush@localhost:1/none' },
      'database',
      /not answer/,
    ],
    ['another APP_SECRET', { APP_SECRET: 'another secret that has at least 32 bytes' }, 'keys', /APP_SECRET/],
  ])('says what to do about %s, and shows no secret', async (_what, more, check, told) => {
    const { code, faults } = await states(more);
    expect(code).toBe(1);
    expect(faults).toEqual([{ check, state: 'fault', told: expect.stringMatching(told) }]);
    expect(JSON.stringify(faults)).not.toMatch(/hush|another secret/);
  });

  test('tells that a database is not there, and makes none', async () => {
    const url = withDatabase(serverOf().adminUrl, `absent_${process.pid}`);
    const { faults } = await states({ DATABASE_URL: url });
    expect(faults).toEqual([{ check: 'database', state: 'fault', told: expect.stringMatching(/does not exist/) }]);
    expect(await rows('select from pg_database where datname = $1', [`absent_${process.pid}`])).toEqual([]);
  });

  test('sends a test message, and tells in plain words that the mail server refuses it', async () => {
    const { smtpUrl = '' } = harness.app.services.config.mail;
    const mailing = async (to: string) => {
      const { stdout } = await run(['doctor', '--mail', to, '--json'], { ...env, SMTP_URL: smtpUrl });
      const found = stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as { check: string; state: string });
      return found.find(({ check }) => check === 'mail');
    };
    expect(await mailing('operator@example.com')).toMatchObject({ state: 'ok' });
    expect(harness.mailbox.mails.filter(({ to }) => to === 'operator@example.com')).toHaveLength(1);
    harness.mailbox.refused.set('gone@example.com', { responseCode: 550, message: 'hush' });
    const refused = await mailing('gone@example.com');
    expect(refused).toMatchObject({ state: 'fault' });
    expect(JSON.stringify(refused)).not.toContain('hush');
    const away = await states({ SMTP_URL: 'smtp://user:hush@127.0.0.1:1' });
    expect(away.faults).toEqual([
      { check: 'mail', state: 'fault', told: expect.stringMatching(/^SMTP_URL: the mail server 127\.0\.0\.1:1 /) },
    ]);
    expect(JSON.stringify(away)).not.toContain('hush');
  });

  test('tells of jobs that have failed', async () => {
    await rows(
      `insert into jobs (id, task, attempts, created_at, failed_at) values (gen_random_uuid(), 'mail', 9, now(), now())`,
    );
    const { code, found } = await states();
    expect(code).toBe(0);
    expect(found.find(({ check }) => check === 'jobs')).toMatchObject({
      state: 'warning',
      told: expect.stringMatching(/1 of mail/),
    });
    await rows('delete from jobs where failed_at is not null');
  });
});
