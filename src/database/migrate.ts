import type pg from 'pg';
import { advisoryLocks } from './advisory-locks.js';
import { migrationNames } from './migration-names.js';
import { UnusableDatabaseError } from './prepare-database.js';

/**
 * Brings the schema up to date. Of several processes starting at once one migrates and the others wait for it.
 * @param client connected to the database; ended here
 * @throws UnusableDatabaseError for a schema that a newer version has made
 */
export async function migrate(client: pg.Client, url: string): Promise<void> {
  try {
    // A transaction-level lock ends with the connection; a pooler could keep a session-level lock. No time limits
    // apply, because the process that migrates may take long.
    await client.query(
      'begin; set local lock_timeout = 0; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0',
    );
    await client.query('select pg_advisory_xact_lock($1)', [advisoryLocks.migration]);
    if (await isPending(client)) await (await import('./run-migrations.js')).runMigrations(url);
  } finally {
    await client.end();
  }
}

const migrationsTable = 'mikro_orm_migrations';

/** @throws UnusableDatabaseError */
async function isPending(client: pg.Client): Promise<boolean> {
  const { rows: found } = await client.query('select to_regclass($1) is not null as exists', [migrationsTable]);
  if (!found[0]?.exists) return true;
  const { rows } = await client.query<{ name: string }>(`select name from ${migrationsTable} order by name desc`);
  const [known, done] = [new Set<string>(migrationNames), new Set(rows.map(({ name }) => name))];
  const unknown = rows.find(({ name }) => !known.has(name));
  if (!unknown) return migrationNames.some((name) => !done.has(name));
  throw new UnusableDatabaseError(
    `the database is newer than this program, which does not know its ${unknown.name}; start the newer version, or restore a backup.`,
  );
}
