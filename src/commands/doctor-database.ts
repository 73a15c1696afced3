import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Config } from '../config.js';
import { databaseTime } from '../database/database-clock.js';
import { connectTime } from '../database/database-sockets.js';
import { migrationStates } from '../database/migrate.js';
import { joinPostgres } from '../database/open-database.js';
import { readOnly } from '../database/prepare-database.js';
import { withoutLimits } from '../database/time-limits.js';
import { createLogger } from '../operations/logging.js';
import { clockFinding, extensionFinding, signalFinding } from '../settings/database-findings.js';
import type { Finding } from '../settings/finding.js';
import { explain } from './command.js';

/** Time for a notification to come round, in milliseconds. */
const patience = 2000;

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
    client = new pg.Client({ connectionString: withoutLimits(postgres.url), connectionTimeoutMillis: connectTime });
    client.on('error', () => undefined);
    await client.connect();
  } catch (error) {
    await stop();
    yield { check: 'database', state: 'fault', told: reasonOf(error) };
    return false;
  }
  try {
    return yield* examineConnected(client, config);
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

async function* examineConnected(client: pg.Client, config: Config): AsyncGenerator<Finding, boolean> {
  const { rows } = await client.query(`${readOnly.trimEnd()}, current_setting('server_version') as version,
    has_schema_privilege('public', 'create') as "mayCreate", exists (select from pg_available_extensions where name = 'pg_trgm') as "hasTrigrams"`);
  const { isStandby, isReadOnly, version, mayCreate, hasTrigrams } = rows[0];
  yield isStandby || isReadOnly
    ? { check: 'database', state: 'fault', told: 'It takes no writes: connect to the primary, and allow writing.' }
    : { check: 'database', state: 'ok', told: `PostgreSQL ${version} answers and takes writes.` };
  yield mayCreate
    ? { check: 'rights', state: 'ok', told: 'The role may create tables in the schema public.' }
    : { check: 'rights', state: 'fault', told: 'The role may not create tables: grant create on schema public to it.' };
  yield extensionFinding(hasTrigrams);
  yield clockFinding(await skewOf(client));
  // With REDIS_URL nobody needs notifications.
  if (!config.redis) yield signalFinding(await hears(client));
  const migrations = await migrationFinding(client);
  yield migrations;
  return !isStandby && !isReadOnly && migrations.state === 'ok';
}

/** In milliseconds; positive when the database's clock is ahead. */
async function skewOf(client: pg.Client): Promise<number> {
  const asked = Date.now();
  const { rows } = await client.query<{ time: number }>(databaseTime);
  return (rows[0]?.time ?? asked) - (asked + Date.now()) / 2;
}

async function hears(client: pg.Client): Promise<boolean> {
  const heard = new Promise<boolean>((resolve) => client.once('notification', () => resolve(true)));
  await client.query('listen gatehouse_doctor');
  await client.query('notify gatehouse_doctor');
  return Promise.race([heard, sleep(patience, false, { ref: false })]);
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
