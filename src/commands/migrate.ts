import pg from 'pg';
import { loadConfig } from '../config.js';
import { Database } from '../database/database.js';
import { migrationStates } from '../database/migrate.js';
import { withoutLimits } from '../database/time-limits.js';
import { undoLastMigration } from '../database/undo-migration.js';
import { entities } from '../entities.js';
import { refuse } from '../errors.js';
import { createLogger } from '../operations/logging.js';
import type { Environment } from './command.js';
import type { Output } from './output.js';
import { withDatabaseUrl } from './with-database-url.js';

/** Brings the schema up to date and exits. The service does the same when it starts. */
export async function migrateUp(env: Environment, output: Output): Promise<void> {
  const config = loadConfig(env);
  const log = createLogger(config);
  await withDatabaseUrl(config, log, async (url) => {
    const database = await Database.open(url, config.databasePoolSize, log, entities);
    await database.close();
  });
  output.print({ isUpToDate: true }, 'The database schema is up to date.');
}

/** Prints one line per migration, the oldest first; the exit code is 1 unless all have been run. */
export async function showMigrations(env: Environment, output: Output): Promise<void> {
  const config = loadConfig(env);
  const states = await withDatabaseUrl(config, createLogger(config), async (url) => {
    const client = new pg.Client({ connectionString: withoutLimits(url) });
    await client.connect();
    return migrationStates(client).finally(() => client.end());
  });
  for (const { name, isDone, isKnown } of states) {
    const state = isKnown ? (isDone ? 'done' : 'pending') : 'of a newer version';
    output.print({ name, state }, `${state.padEnd(8)} ${name}`);
    if (state !== 'done') process.exitCode = 1;
  }
}

/**
 * Undoes the migration that was run last, with what is only in its tables and columns.
 * @throws Refusal without `yes`; UnusableDatabaseError while a service runs
 */
export async function migrateDown(env: Environment, { yes }: { readonly yes?: boolean }, output: Output) {
  if (!yes)
    throw refuse(
      'INVALID_INPUT',
      'This deletes what is only in the tables and columns of the last migration. Add --yes.',
    );
  const config = loadConfig(env);
  const name = await withDatabaseUrl(config, createLogger(config), undoLastMigration);
  if (name === undefined) throw refuse('NOT_FOUND', 'No migration has been run.');
  output.print({ undone: name }, `${name} was undone. The next start of the service runs it again.`);
}
