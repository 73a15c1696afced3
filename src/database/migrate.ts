import type { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { UnusableDatabaseError } from './prepare-database.js';

/** Any number will do, as long as nothing else in this database locks it. */
const migrationLock = 7_041_001;

/**
 * Brings the schema up to date. Of several processes starting at once one migrates and the others wait for it.
 * @throws UnusableDatabaseError for a schema that a newer version has made
 */
export async function migrate(orm: MikroORM, url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'gatehouse-migrate' });
  await client.connect();
  try {
    // By a transaction, which ends with the connection: a pooler would keep the lock of a session. However long the one
    // that migrates may take.
    await client.query(
      'begin; set local lock_timeout = 0; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0',
    );
    await client.query('select pg_advisory_xact_lock($1)', [migrationLock]);
    await refuseNewer(orm, client);
    await orm.getMigrator().up();
  } finally {
    await client.end();
  }
}

const migrationsTable = 'mikro_orm_migrations';

async function refuseNewer(orm: MikroORM, client: pg.Client): Promise<void> {
  const { rows: found } = await client.query('select to_regclass($1) is not null as exists', [migrationsTable]);
  if (!found[0]?.exists) return;
  const known = orm.config.get('migrations').migrationsList?.map(({ name }) => name) ?? [];
  const unknown = `select name from ${migrationsTable} where name <> all($1) order by name desc limit 1`;
  const { rows } = await client.query(unknown, [known]);
  if (rows.length === 0) return;
  throw new UnusableDatabaseError(
    `the database is newer than this program, which does not know its ${rows[0].name}; start the newer version, or restore a backup.`,
  );
}
