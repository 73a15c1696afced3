import pg from 'pg';
import { migrationNames } from './migration-names.js';
import { UnusableDatabaseError } from './prepare-database.js';

/** Arbitrary key of the advisory lock; nothing else in this database uses it. */
const migrationLock = 7_041_001;

/**
 * Runs pending migrations. When several processes start at once, one migrates and the others wait, without a time
 * limit.
 * @throws UnusableDatabaseError when a newer version of the program has migrated the schema
 */
export async function migrate(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'gatehouse-migrate' });
  await client.connect();
  try {
    // A transaction-level lock ends with the connection; a pooler could keep a session-level lock. No time limits
    // apply, because the process that migrates may take long.
    await client.query(
      'begin; set local lock_timeout = 0; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0',
    );
    await client.query('select pg_advisory_xact_lock($1)', [migrationLock]);
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
