import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { appSecretOf } from '../src/app-secret.js';

let dataDir: string;
let file: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-secret-'));
  file = join(dataDir, 'app-secret');
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const secret = () => appSecretOf({ appSecret: undefined, dataDir });

test('a secret is made once, for its owner alone, and nothing temporary remains', async () => {
  const made = await secret();
  expect(Buffer.byteLength(made)).toBeGreaterThanOrEqual(32);
  expect(await secret()).toBe(made);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(dataDir)).toEqual(['app-secret']);
});

test.each([0, 1, 31])('a file of %i bytes is no secret, and is left as it is', async (length) => {
  const left = 'x'.repeat(length);
  await writeFile(file, `${left}\n`);
  await expect(secret()).rejects.toMatchObject({ code: 'SHORT_SECRET' });
  expect(await readFile(file, 'utf8')).toBe(`${left}\n`);
});

test('a file of 32 bytes, as an operator may have made it, is taken', async () => {
  await writeFile(file, 'x'.repeat(32));
  expect(await secret()).toBe('x'.repeat(32));
});

const program = `
  import { appSecretOf } from ${JSON.stringify(resolve('dist/src/app-secret.js'))};
  process.send('ready');
  process.once('message', async (dataDir) => {
    process.send(await appSecretOf({ dataDir }));
    process.disconnect();
  });`;

test('processes that start at once on one folder have one secret', async () => {
  const script = join(dataDir, 'start.mjs');
  await writeFile(script, program);
  const children = Array.from({ length: 6 }, () => fork(script, { execArgv: [] }));
  await Promise.all(children.map((child) => once(child, 'message')));
  const answers = children.map((child) => once(child, 'message').then(([answer]) => String(answer)));
  for (const child of children) child.send(dataDir);
  const secrets = new Set(await Promise.all(answers));
  await Promise.all(children.map((child) => child.exitCode ?? once(child, 'exit')));
  expect(secrets).toEqual(new Set([await secret()]));
  expect((await readdir(dataDir)).sort()).toEqual(['app-secret', 'start.mjs']);
});

test('a process that is killed while it makes one leaves none, or all of it', async () => {
  const script = join(dataDir, 'start.mjs');
  await writeFile(script, program);
  for (let delay = 0; delay < 8; delay += 1) {
    const child = fork(script, { execArgv: [] });
    await once(child, 'message');
    child.send(dataDir);
    const ended = once(child, 'exit');
    setTimeout(() => child.kill('SIGKILL'), delay);
    await ended;
    const left = await readFile(file, 'utf8').catch(() => undefined);
    if (left !== undefined) expect(Buffer.byteLength(left.trim())).toBeGreaterThanOrEqual(32);
    expect(Buffer.byteLength(await secret())).toBeGreaterThanOrEqual(32);
    await rm(file);
  }
});
