import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { codeAt, stepAt } from '../src/authentication/second-factor/totp.js';
import { Client } from './support/client.js';
import { start } from './support/command.js';
import { eventually } from './support/eventually.js';
import { freePort } from './support/free-port.js';
import { password } from './support/harness.js';
import { Mailbox } from './support/mailbox.js';
import { administer, cloneDatabase, serverOf, withDatabase } from './support/postgres.js';
import { begin, confirm } from './support/second-factor.js';
import { patience } from './support/started.js';

// Runs each command of the runbook, as it stands there, beside a running service.
jest.setTimeout(3 * patience);
const runbook = readFileSync('docs/runbook.md', 'utf8');
const commands = [...runbook.matchAll(/^### (.*)\n([\s\S]*?)(?=^##|(?![\s\S]))/gm)].flatMap(
  ([, heading = '', text = '']) =>
    [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, command = ''], index) => ({ heading, index, command })),
);

let folder: string;
let env: Record<string, string>;
let child: ReturnType<typeof start>;
let database: Awaited<ReturnType<typeof cloneDatabase>>;
const mailbox = new Mailbox();
const restored = `runbook_${randomUUID().replaceAll('-', '')}`;

/** Runs a command in bash. @returns its output, also when it failed */
async function bash(command: string, more: Record<string, string> = {}): Promise<string> {
  const options = { env: { ...env, ...more }, cwd: folder };
  const { stdout } = await promisify(execFile)('bash', ['-o', 'pipefail', '-c', command], options);
  return stdout;
}

async function startService(): Promise<Client> {
  child = start(['serve'], env);
  const url = await eventually(() => {
    const log = existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8') : '';
    return /ready at (http:\S+)\/graphql/.exec(log)?.[1];
  }, patience);
  return new Client(url);
}

/** A person whose mail was refused, with a second factor and a session; a role; and what else the commands ask for. */
async function prepare(client: Client): Promise<void> {
  mailbox.refused.set('eve@example.com', { responseCode: 550, message: 'No such mailbox' });
  await client.mutate('register', { username: 'eve', email: 'eve@example.com', password }, 'email');
  await client.mutate('register', { username: 'ada', email: 'ada@example.com', password }, 'email');
  await client.mutate('verifyEmail', { token: await mailbox.tokenTo('ada@example.com') }, 'user { id }');
  const ada = new Client(client.url);
  await ada.login('ada', password);
  const secret = String((await begin(ada))['secret']);
  await confirm(ada, codeAt(secret, stepAt(new Date())));
  await client.login('ada', 'a wrong one');
  await client.login('root.admin', password);
  await client.mutate('createRole', { name: 'editor', level: 5 }, 'role { id }');
  await client.ask('query Marked { viewer { username } }');
  const line = await eventually(() => /^.*"name":"Marked".*$/m.exec(readFileSync(join(folder, 'log'), 'utf8'))?.[0]);
  const jwks = (await (await fetch(`${new URL(client.url).origin}/.well-known/jwks.json`)).json()) as {
    keys: { kid: string }[];
  };
  const id = String((await client.ask('{ viewer { id } }')).data['viewer']?.['id']);
  Object.assign(env, { request: JSON.parse(line).requestId, kid: jwks.keys[0]?.kid, id });
  await eventually(async () => (await bash('gatehouse jobs failed')).includes('eve'), patience);
  await writeFile(join(folder, 'people.jsonl'), '{"username":"grace","email":"grace@example.com","verified":true}\n');
  await bash('gatehouse backup "$backup"');
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-runbook-'));
  database = await cloneDatabase();
  await mkdir(join(folder, 'bin'));
  const program = join(folder, 'bin', 'gatehouse');
  await writeFile(
    program,
    `#!/bin/sh\nexec ${JSON.stringify(process.execPath)} ${JSON.stringify(resolve('dist/service/cli.js'))} "$@"\n`,
  );
  await chmod(program, 0o755);
  env = {
    PATH: [join(folder, 'bin'), process.env['PATH']].join(delimiter),
    DATABASE_URL: database.url,
    DATA_DIR: join(folder, 'data'),
    LOG_FILE: join(folder, 'log'),
    METRICS_PORT: String(await freePort()),
    NODE_ENV: 'test',
    LOG_LEVEL: 'info',
    APP_SECRET: 'a test secret that has at least 32 bytes',
    PORT: '0',
    ARGON2_MEMORY_KIB: '64',
    SMTP_URL: await mailbox.listen(),
    ADMIN_USERNAME: 'root.admin',
    ADMIN_EMAIL: 'root@example.com',
    ADMIN_PASSWORD: password,
    backup: join(folder, 'backup.tar.gz'),
    person: 'ada',
    administrator: 'root.admin',
  };
  await prepare(await startService());
}, 3 * patience);
afterAll(async () => {
  child.kill('SIGTERM');
  await once(child, 'exit');
  await mailbox.close();
  await database.drop();
  await administer(serverOf().adminUrl, `drop database if exists ${restored} with (force)`);
  await rm(folder, { recursive: true, force: true });
});

/** What each command prints, by heading, in the order of the commands below it. */
const printed: Readonly<Record<string, readonly RegExp[]>> = {
  'Is anything wrong?': [/^ok +configuration/m],
  'Who sent request X?': [/"kind":"query","name":"Marked","outcome":"OK"/],
  'What is the p95 of sign-ins?': [/^95 % take at most [\d.]+ s$/m],
  'Which SQL is slow?': [/^\{.*"text":"(select|insert|update|with) /m],
  'Why was a mail dropped?': [/eve@example\.com.*550/],
  'Is the chain of events intact?': [/^\d+ events were verified, from 1 to \d+\./],
  'How do I move 200,000 people in from elsewhere?': [/^1 person imported, 0 records refused\.$/m],
  "How do I restore last night's backup?": [/verified/i],
  'Who is signed in as somebody?': [/127\.0\.0\.1/],
  'What has changed in the roles?': [/"type":"ROLE_CREATED"/],
  '"This wasn\'t me"': [/^\d+ sessions of ada have ended\.$/m, /"type":"ROLE_CREATED"/],
  'A signing key has leaked': [/ was revoked\./],
  'A lost second factor': [/ada/],
  'Nobody can administer any more': [/Password: +\S+/],
  'Many failed sign-ins': [/^ *\d+ (127\.0\.0\.1|::1|::ffff:127\.0\.0\.1)$/m],
};

/** Where a command needs another environment: a restore goes into an empty database. */
const elsewhere = (heading: string): Record<string, string> =>
  heading.includes('restore')
    ? { DATABASE_URL: withDatabase(database.url, restored), DATA_DIR: join(folder, 'restored') }
    : {};

/** `jq` is no npm package. */
const hasJq = (process.env['PATH'] ?? '').split(delimiter).some((path) => existsSync(join(path, 'jq')));
const describeWithJq = hasJq ? describe : describe.skip;

describeWithJq(hasJq ? 'the runbook' : 'the runbook (skipped: there is no jq; install it)', () => {
  test('says of each command what it prints', () => {
    const counted = Object.entries(printed).flatMap(([heading, lines]) =>
      lines.map((_, index) => `${heading} ${index}`),
    );
    expect(commands.map(({ heading, index }) => `${heading} ${index}`)).toEqual(counted);
  });

  test.each(commands)('$heading $index', async ({ heading, index, command }) => {
    const expected = printed[heading]?.[index] ?? /(?!)/;
    await eventually(async () => expected.test(await bash(command, elsewhere(heading))), 20_000).catch(async () => {
      expect(await bash(command, elsewhere(heading))).toMatch(expected);
    });
  });
});
