import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../src/database/embedded/embedded-postgres.js';

export const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Runs the work on a temporary empty database, on the server of TEST_DATABASE_URL or on an embedded one. */
export function onScratchDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const given = process.env['TEST_DATABASE_URL'];
  return given ? onServer(given, work) : onOwnServer((url) => onServer(url, work));
}

async function onOwnServer<T>(work: (url: string) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-check-'));
  try {
    const postgres = await startEmbeddedPostgres({ dataDir, log: silent, settings: { fsync: 'off' } });
    return await work(postgres.url).finally(() => postgres.stop());
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function onServer<T>(serverUrl: string, work: (url: string) => Promise<T>): Promise<T> {
  const name = `check_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await administer(serverUrl, `create database ${name}`);
  return work(url.href).finally(() => administer(serverUrl, `drop database ${name} with (force)`));
}

async function administer(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
