import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Config } from '../config.js';
import { databaseTime } from '../database/database-clock.js';
import { connectTime } from '../database/database-sockets.js';
import { migrationStates } from '../database/migrate.js';
import { joinPostgres } from '../database/open-database.js';
import { readOnly } from '../database/prepare-database.js';
import { createLogger } from '../operations/logging.js';
import { explain } from './command.js';
import type { Finding } from './finding.js';

/** Time for a notification to come round, and a difference of clocks that is worth telling, in milliseconds. */
const [patience, notableSkew] = [2000, 2000];

/**
 * Checks the database: whether it can be reached and written to, its schema, its clock, and whether notifications arrive.
 * @returns whether the service can use it as it is
 */
export async function* examineDatabase(config: Config): AsyncGenerator<Finding, boolean> {
  let stop = async () => {};
  let client: pg.Client;
  try {
    const postgres = await joinPostgres(config, createLogger({ ...config, log: { level: 'silent', file: undefined } }));
    stop = () => postgres.stop();
    client = new pg.Client({ connectionString: postgres.url, connectionTimeoutMillis: connectTime });
    client.on('error', () => undefined);
    await client.connect();
  } catch (error) {
    await stop();
    yield { check: 'database', state: 'fault', told: reasonOf(error) };
    return false;
  }
  try {
    return yield* examineConnected(client);
  } catch (error) {
    yield { check: 'database', state: 'fault', told: reasonOf(error) };
    return false;
  } finally {
    await client.end().catch(() => undefined);
    await stop();
  }
}

/** A database that is not there is made by the first start. */
function reasonOf(error: unknown): string {
  const isMissing = error instanceof pg.DatabaseError && error.code === '3D000';
  return isMissing
    ? 'It does not exist; the first start makes it, if its role may.'
    : (explain(error).split('\n')[0] ?? '');
}

async function* examineConnected(client: pg.Client): AsyncGenerator<Finding, boolean> {
  const { rows } = await client.query(`${readOnly.trimEnd()}, current_setting('server_version') as version,
    has_schema_privilege('public', 'create') as "mayCreate", exists (select from pg_available_extensions where name = 'pg_trgm') as "hasTrigrams"`);
  const { isStandby, isReadOnly, version, mayCreate, hasTrigrams } = rows[0];
  yield isStandby || isReadOnly
    ? { check: 'database', state: 'fault', told: 'It takes no writes: connect to the primary, and allow writing.' }
    : { check: 'database', state: 'ok', told: `PostgreSQL ${version} answers and takes writes.` };
  yield mayCreate
    ? { check: 'rights', state: 'ok', told: 'The role may create tables in the schema public.' }
    : { check: 'rights', state: 'fault', told: 'The role may not create tables: grant create on schema public to it.' };
  yield hasTrigrams
    ? { check: 'extensions', state: 'ok', told: 'pg_trgm is available, which makes searches fast.' }
    : { check: 'extensions', state: 'warning', told: 'pg_trgm is missing: searches read every user. Install contrib.' };
  yield await clockFinding(client);
  yield await signalFinding(client);
  const migrations = await migrationFinding(client);
  yield migrations;
  return !isStandby && !isReadOnly && migrations.state === 'ok';
}

async function clockFinding(client: pg.Client): Promise<Finding> {
  const asked = Date.now();
  const { rows } = await client.query<{ time: number }>(databaseTime);
  const off = Math.abs((rows[0]?.time ?? asked) - (asked + Date.now()) / 2);
  if (off < notableSkew) return { check: 'clock', state: 'ok', told: 'This host and the database agree.' };
  const told = `This host and the database differ by ${(off / 1000).toFixed(1)} s; the service goes by the database.`;
  return { check: 'clock', state: 'warning', told };
}

async function signalFinding(client: pg.Client): Promise<Finding> {
  const heard = new Promise<boolean>((resolve) => client.once('notification', () => resolve(true)));
  await client.query('listen gatehouse_doctor');
  await client.query('notify gatehouse_doctor');
  const isHeard = await Promise.race([heard, sleep(patience, false, { ref: false })]);
  if (isHeard) return { check: 'signals', state: 'ok', told: 'Notifications arrive.' };
  const told = 'Notifications do not arrive, as through a pooler in transaction mode. Connect directly.';
  return { check: 'signals', state: 'warning', told };
}

async function migrationFinding(client: pg.Client): Promise<Finding> {
  const states = await migrationStates(client);
  const check = 'migrations';
  if (states.some(({ isKnown }) => !isKnown))
    return { check, state: 'fault', told: 'The database is newer than this program: start the newer version.' };
  const pending = states.filter(({ isDone }) => !isDone).length;
  if (pending === 0) return { check, state: 'ok', told: 'All have been run.' };
  return { check, state: 'warning', told: `${pending} have not been run; the next start runs them.` };
}
