import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { advisoryLocks } from './advisory-locks.js';
import { UnusableDatabaseError } from './prepare-database.js';

/** The process that publishes security events holds this lock, so a service that runs has it. */
const running = `select from pg_locks where locktype = 'advisory' and granted and objid = $1
  and database = (select oid from pg_database where datname = current_database())`;

/** Every few seconds the lock is free for a moment; see `Leadership`. In milliseconds. */
const secondLook = 100;

/** @throws UnusableDatabaseError while a service runs on the database */
export async function refuseWhileServiceRuns(client: pg.Client): Promise<void> {
  if (!(await isRunning(client))) await sleep(secondLook);
  if (await isRunning(client)) throw new UnusableDatabaseError('a service runs on this database; stop it first.');
}

const isRunning = async (client: pg.Client): Promise<boolean> =>
  (await client.query(running, [advisoryLocks.sequencer])).rows.length > 0;
