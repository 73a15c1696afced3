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

export interface MigrationState {
  readonly name: string;
  readonly isDone: boolean;
  /** False for one that a newer version has run. */
  readonly isKnown: boolean;
}

/** @returns every migration that this program knows or the database has run, the oldest first */
export async function migrationStates(client: pg.Client): Promise<MigrationState[]> {
  const done = new Set(await migrationsDone(client));
  const known = new Set<string>(migrationNames);
  return [...new Set([...known, ...done])]
    .sort()
    .map((name) => ({ name, isDone: done.has(name), isKnown: known.has(name) }));
}

async function migrationsDone(client: pg.Client): Promise<string[]> {
  const { rows: found } = await client.query('select to_regclass($1) is not null as exists', [migrationsTable]);
  if (!found[0]?.exists) return [];
  const { rows } = await client.query<{ name: string }>(`select name from ${migrationsTable} order by name desc`);
  return rows.map(({ name }) => name);
}

/** @throws UnusableDatabaseError */
async function isPending(client: pg.Client): Promise<boolean> {
  const states = await migrationStates(client);
  const unknown = states.findLast(({ isKnown }) => !isKnown);
  if (!unknown) return states.some(({ isDone }) => !isDone);
  throw new UnusableDatabaseError(
    `the database is newer than this program, which does not know its ${unknown.name}; start the newer version, or restore a backup.`,
  );
}
