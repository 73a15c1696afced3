import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { runToEnd } from '../../src/database/embedded/run-to-end.js';
import { eventually } from '../support/eventually.js';

const shell = (script: string, signal?: AbortSignal) => runToEnd('/bin/sh', ['-c', script], { signal });

test('it waits for the programs that an aborted program has left behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'run-to-end-'));
  const [begun, ended] = [join(folder, 'begun'), join(folder, 'ended')];
  const abort = new AbortController();
  const left = `(trap '' TERM; touch ${begun}; sleep 0.5; touch ${ended})`;
  const running = shell(`${left} & wait`, abort.signal);
  running.catch(() => undefined);
  await eventually(() => existsSync(begun));
  abort.abort(new Error('a stop'));
  await expect(running).rejects.toThrow('a stop');
  expect(existsSync(ended)).toBe(true);
  await rm(folder, { recursive: true });
});

test('what a failing program says is told', async () => {
  await expect(shell('echo no space left >&2; exit 3')).rejects.toThrow('/bin/sh failed (exit code 3)\nno space left');
  await expect(shell('kill -9 $$')).rejects.toThrow('/bin/sh failed (SIGKILL)');
});

test('a program that does not exist, and a signal that is aborted before', async () => {
  await expect(runToEnd('/no/such/program', [], {})).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(shell('exit 0', AbortSignal.abort(new Error('a stop')))).rejects.toThrow('a stop');
  await shell('exit 0');
});
