import type { Sql } from '../database/sql.js';
import { plainly, type SqlValue } from '../database/sql-values.js';
import type { Statements } from './taken-identifiers.js';

const begin = `begin; set local idle_in_transaction_session_timeout = 0;
  create temporary table import_names (id uuid unique, username text primary key, email text unique) on commit drop`;

/**
 * Runs the work in a transaction of its own, with a temporary table for the names of a file, which may be more than memory
 * holds. Nothing of the database changes. A pooler could give statements outside a transaction to other sessions.
 */
export async function rehearsing<T>(sql: Sql, work: (to: Statements) => Promise<T>): Promise<T> {
  const connection = await sql.pool.connect();
  try {
    await connection.query(begin);
    return await work({
      rows: async <Row>(text: string, values: readonly SqlValue[] = []) =>
        (await connection.query(text, values.map(plainly))).rows as Row[],
    });
  } finally {
    // The table ends with the connection.
    connection.release(true);
  }
}
