import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Client } from './support/client.js';
import { eventually } from './support/eventually.js';

/** In milliseconds; many times the duration on an idle machine. */
const patience = 90_000;
jest.setTimeout(2 * patience);

// Runs the commands of the README in several shells, against the service as `npm start` runs it.
let folder: string;
let service: ChildProcess;
let output = '';
let url: string;
let tour: readonly { readonly language: string; readonly text: string }[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-readme-'));
  const { PATH = '', HOME = '' } = process.env;
  // Three tours run from one address within a minute.
  const env = { PATH, HOME, PORT: '0', RATE_LIMIT_REGISTER: '100/1m', RATE_LIMIT_LOGIN: '10000/1m' };
  service = spawn(process.execPath, [resolve('dist/service/main.js')], { cwd: folder, env });
  service.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  url = await eventually(() => /ready at (http:\S+)\/graphql/.exec(output)?.[1], patience);
  const [, chapter = ''] = /\n## First queries\n([\s\S]*?)\n## /.exec(await readFile('README.md', 'utf8')) ?? [];
  const blocks = chapter.matchAll(/^```(sh|json)\n([\s\S]*?)^```$/gm);
  tour = [...blocks].map(([, language = '', text = '']) => ({ language, text }));
});
afterAll(async () => {
  service.kill('SIGTERM');
  await once(service, 'exit');
  await rm(folder, { recursive: true, force: true });
});

const isWatching = (text: string) => text.startsWith('node ');
const commands = () =>
  tour.filter(({ language, text }) => language === 'sh' && !isWatching(text)).map(({ text }) => text);
/** Replaces what differs between two runs. */
const steady = (text: string) => text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID').trim();

/** Shells differ in word splitting, unmatched patterns and how echo treats backslashes. */
const shells = [
  ['bash', 'ada'],
  ['sh', 'bea'],
  ['zsh', 'cyd'],
] as const;

test.each(shells)('the tour, pasted into %s, answers what it shows', async (shell, name) => {
  const isThere = await promisify(execFile)(shell, ['-c', ':']).then(
    () => true,
    () => false,
  );
  if (!isThere && shell === 'zsh')
    return void process.stderr.write('zsh is not installed: the tour is not tried in it\n');
  await rm(join(folder, '.gatehouse/mail'), { recursive: true, force: true });
  const as = (text: string) => text.replaceAll('localhost:4000', new URL(url).host).replaceAll(/\bada\b/g, name);
  const script = as(commands().join('\n'));
  const { stdout, stderr } = await promisify(execFile)(shell, ['-c', script], { cwd: folder });
  expect(stderr).toBe('');
  const shown = tour.filter(({ language, text }) => language === 'json' && !text.includes('"cursor"'));
  const lines = (text: string) => steady(text).split(/\n+|(?<=\})(?=\{"data")/);
  expect(lines(stdout)).toEqual(shown.flatMap(({ text }) => lines(as(text))));
});

test('the command that watches shows the first event as it happens', async () => {
  const [command = ''] = tour.filter(({ text }) => isWatching(text)).map(({ text }) => text.trim());
  expect(command).toBe('node examples/watch-events.mjs');
  const [, username = '', password = ''] = /First administrator: (\S+)\s+Password: +(\S+)/.exec(output) ?? [];
  const watching = spawn(process.execPath, [...command.split(' ').slice(1), username, url], { stdio: 'pipe' });
  let [events, said] = ['', ''];
  watching.stdout.on('data', (chunk) => {
    events += chunk;
  });
  watching.stderr.on('data', (chunk) => {
    said += chunk;
  });
  watching.stdin.end(`${password}\n`);
  await eventually(() => said.includes('Watching.'), patience);
  // Events are delivered once the subscription has begun; then each refused sign-in is one.
  const client = new Client(url);
  await eventually(async () => {
    await client.login('nobody.at.all', 'a wrong passphrase');
    return events.includes('LOGIN_FAILED');
  }, patience);
  // What the tour was refused may be told before.
  const failure = events.split('\n').find((line) => line.includes('LOGIN_FAILED'));
  expect(JSON.parse(failure ?? '')).toMatchObject({ type: 'LOGIN_FAILED', actor: null });
  watching.kill();
  await once(watching, 'exit');
});

test('the command that watches says why it cannot', async () => {
  const watching = spawn(process.execPath, ['examples/watch-events.mjs', 'admin', url], { stdio: 'pipe' });
  watching.stdin.end('wrong\n');
  expect(await once(watching, 'exit')).toEqual([1, null]);
});
