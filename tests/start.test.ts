import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Client } from './support/client.js';
import { eventually } from './support/eventually.js';
import { credentials, folderOfServices, isRunning, patience, Started, useFolderOfServices } from './support/started.js';

useFolderOfServices();

const dataDir = () => join(folderOfServices(), '.gatehouse');
const postmaster = async () =>
  Number((await readFile(join(dataDir(), 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
const countAdministrators = async (client: Client) =>
  (await client.ask('{ users(filter: { isAdmin: true }) { totalCount } }')).data['users']?.['totalCount'];
let password: string;

test('the first start makes a database, keys and an administrator, whose password it shows once and does not log', async () => {
  const service = new Started();
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
  const service = new Started();
  const client = await service.ready();
  expect(credentials(service.output)).toBeNull();
  expect((await client.login('admin', password))['errors']).toEqual([]);
  const pid = await postmaster();
  expect(await service.stop('SIGHUP')).toBe(0);
  expect(isRunning(pid)).toBe(false);
});

test('after kill -9 it starts again, and the orphaned database is gone', async () => {
  const killed = new Started();
  const client = await killed.ready();
  await client.mutate('register', { username: 'survivor', email: 'survivor@example.com', password }, 'email');
  const orphan = await postmaster();
  await killed.stop('SIGKILL');
  const service = new Started();
  const again = await service.ready();
  expect(isRunning(orphan)).toBe(false);
  await again.login('admin', password);
  expect((await again.ask('{ users(search: "survivor") { totalCount } }')).data['users']?.['totalCount']).toBe(1);
  await service.stop();
});

test('a second instance on the folder is refused and harms nothing', async () => {
  const first = new Started();
  const client = await first.ready();
  const second = new Started();
  expect(await second.ended).toBe(1);
  expect(second.output).toContain(dataDir());
  expect(second.output).not.toContain('    at ');
  expect((await client.login('admin', password))['errors']).toEqual([]);
  await first.stop();
});

test('when its database is killed it starts it again, and answers as before', async () => {
  const service = new Started();
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
  const service = new Started();
  const client = await service.ready();
  await client.mutate('register', { username: 'filed', email: 'filed@example.com', password }, 'email');
  // A mail may come, too, for whom a process that was killed above has registered.
  const link = /Mail to filed@example\.com.*?verify-email\?token=([\w-]+)/s;
  const token = await eventually(() => link.exec(service.output)?.[1]);
  expect((await client.mutate('verifyEmail', { token }, 'user { username }'))['user']).toEqual({ username: 'filed' });
  expect((await readdir(join(dataDir(), 'mail'))).length).toBeGreaterThan(0);
  await service.stop();
});

test('the files that hold secrets are for their owner alone', async () => {
  for (const name of ['app-secret', 'postgres.password'])
    expect((await stat(join(dataDir(), name))).mode & 0o077).toBe(0);
});
