import type pg from 'pg';
import { advisoryLocks } from './advisory-locks.js';
import { UnusableDatabaseError } from './prepare-database.js';

/** The process that publishes security events holds this lock, so a service that runs has it. */
const running = `select from pg_locks where locktype = 'advisory' and granted and objid = $1
  and database = (select oid from pg_database where datname = current_database())`;

/** @throws UnusableDatabaseError while a service runs on the database */
export async function refuseWhileServiceRuns(client: pg.Client): Promise<void> {
  if ((await client.query(running, [advisoryLocks.sequencer])).rowCount)
    throw new UnusableDatabaseError('a service runs on this database; stop it first.');
}
