import { randomUUID } from 'node:crypto';
import pg from 'pg';

/** Where jest's global setup has put a migrated template. */
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

/** Runs one statement on the server's own database. */
export async function administer(adminUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** A fresh, migrated database of one's own. */
export async function cloneDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const { adminUrl, template } = serverOf();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await administer(adminUrl, `create database ${name} template ${template}`);
  return { url: withDatabase(adminUrl, name), drop: () => administer(adminUrl, `drop database ${name} with (force)`) };
}
