import type { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';

/** Any number will do, as long as nothing else in this database locks it. */
const migrationLock = 7_041_001;

/** Brings the schema up to date. Of several processes starting at once one migrates and the others wait for it. */
export async function migrate(orm: MikroORM, url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'gatehouse-migrate' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    await orm.getMigrator().up();
  } finally {
    await client.end();
  }
}
