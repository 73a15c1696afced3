import type { Sql } from '../database/sql.js';
import { plainly, type SqlValue } from '../database/sql-values.js';
import type { Statements } from './taken-identifiers.js';

const names = `create temporary table import_names (id uuid unique, username text primary key, email text unique)`;

/**
 * Runs the work on a connection of its own, with a temporary table for the names of a file, which may be more than memory
 * holds. Nothing of the database changes.
 */
export async function rehearsing<T>(sql: Sql, work: (to: Statements) => Promise<T>): Promise<T> {
  const connection = await sql.pool.connect();
  try {
    await connection.query(names);
    return await work({
      rows: async <Row>(text: string, values: readonly SqlValue[] = []) =>
        (await connection.query(text, values.map(plainly))).rows as Row[],
    });
  } finally {
    // The table ends with the connection.
    connection.release(true);
  }
}
