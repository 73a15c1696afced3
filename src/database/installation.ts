import type { Sql } from './sql.js';

/**
 * Identifies the database among all databases, also among copies of it: a backup that is restored elsewhere is another
 * installation. A server that was copied file by file is the same one until it is initialised anew.
 * @returns a text of any length
 */
export async function installationOf(sql: Sql): Promise<string> {
  const row = await sql.row<{ name: string }>(
    "select oid || ' ' || datname as name from pg_database where datname = current_database()",
  );
  return `${await clusterOf(sql)} ${row?.name}`;
}

/** SQLSTATEs: the role may not, and there is no such function. */
const missing: readonly unknown[] = ['42501', '42883'];

/** @returns the identifier of the server's data; empty where it cannot be read */
async function clusterOf(sql: Sql): Promise<string> {
  try {
    const row = await sql.row<{ id: string }>('select system_identifier::text as id from pg_control_system()');
    return row?.id ?? '';
  } catch (error) {
    if (error instanceof Error && 'code' in error && missing.includes(error.code)) return '';
    throw error;
  }
}
