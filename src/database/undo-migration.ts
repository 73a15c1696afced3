import pg from 'pg';
import { advisoryLocks } from './advisory-locks.js';
import { migrationStates } from './migrate.js';
import { UnusableDatabaseError } from './prepare-database.js';
import { undoMigration } from './run-migrations.js';
import { refuseWhileServiceRuns } from './running-service.js';
import { withoutLimits } from './time-limits.js';

/**
 * Undoes the migration that was run last.
 * @returns its name; undefined when there is none
 * @throws UnusableDatabaseError while a service runs on the database, and when a newer version has run a migration
 */
export async function undoLastMigration(url: string): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: withoutLimits(url) });
  await client.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [advisoryLocks.migration]);
    await refuseWhileServiceRuns(client);
    const last = (await migrationStates(client)).findLast(({ isDone }) => isDone);
    if (last && !last.isKnown)
      throw new UnusableDatabaseError(`only a newer version of this program can undo ${last.name}.`);
    if (last) await undoMigration(url);
    return last?.name;
  } finally {
    await client.end();
  }
}
