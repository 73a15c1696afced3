import { randomUUID } from 'node:crypto';
import pg from 'pg';

/** The server with the migrated template database that jest's global setup has created. */
export interface TestServer {
  readonly adminUrl: string;
  readonly template: string;
}

export const serverOf = (): TestServer => JSON.parse(process.env['GATEHOUSE_TEST_SERVER'] ?? '{}') as TestServer;

export function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

/** Runs one statement on the server's maintenance database. */
export async function administer(adminUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Creates a migrated database for one test. */
export async function cloneDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const { adminUrl, template } = serverOf();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await administer(adminUrl, `create database ${name} template ${template}`);
  return { url: withDatabase(adminUrl, name), drop: () => administer(adminUrl, `drop database ${name} with (force)`) };
}
