import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { cloneDatabase } from '../support/postgres.js';
import { patience } from '../support/started.js';

jest.setTimeout(3 * patience);
let folder: string;
let database: Awaited<ReturnType<typeof cloneDatabase>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-stuck-reader-'));
  database = await cloneDatabase();
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

test('a service whose log nobody reads goes on answering', async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    PATH: process.env['PATH'],
    DATABASE_URL: database.url,
    DATA_DIR: folder,
    NODE_ENV: 'production',
    APP_SECRET: 'a test secret that has at least 32 bytes',
    PORT: String(port),
  };
  // `sleep` reads nothing, so the pipe is full after 64 KiB.
  const shell = spawn('sh', ['-c', `"${process.execPath}" dist/service/cli.js serve | sleep 1000`], {
    env,
    stdio: 'ignore',
    detached: true,
  });
  const ask = async () => {
    const body = JSON.stringify({ query: `query ${'N'.repeat(100)} { __typename }` });
    const headers = { 'content-type': 'application/json' };
    const signal = AbortSignal.timeout(patience);
    return (await fetch(`${url}/graphql`, { method: 'POST', headers, body, signal })).status;
  };
  try {
    await eventually(
      () =>
        ask().then(
          (status) => status === 200,
          () => false,
        ),
      patience,
    );
    const statuses = new Set<number>();
    // Twice as much as the pipe takes.
    for (let n = 0; n < 500; n += 1) statuses.add(await ask());
    expect([...statuses]).toEqual([200]);
  } finally {
    if (shell.pid) process.kill(-shell.pid, 'SIGKILL');
  }
});
