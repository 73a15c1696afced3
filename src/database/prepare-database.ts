import pg from 'pg';
import type { Logger } from '../operations/logging.js';
import { connectAsking } from './start-parameters.js';
import { withoutLimits } from './time-limits.js';

/** The database at DATABASE_URL exists but cannot be used. The message gives the reason and the remedy in one line. */
export class UnusableDatabaseError extends Error {
  readonly code = 'UNUSABLE_DATABASE';
  constructor(message: string) {
    super(message);
    this.name = 'UnusableDatabaseError';
  }
}

const databaseOf = (url: string): string => decodeURIComponent(new URL(url).pathname.slice(1));

/**
 * Connects to a database that takes writes. One that does not exist is made, and the log names it: a mistyped name would
 * otherwise pass for an empty service.
 * @returns a connection of `connectAsking` that the caller ends
 * @throws UnusableDatabaseError
 */
export async function prepareDatabase(url: string, log: Logger): Promise<pg.Client> {
  const client = await connect(url).catch(async (error: unknown) => {
    // invalid_catalog_name: there is no such database.
    if (!(error instanceof pg.DatabaseError) || error.code !== '3D000') throw error;
    await createDatabase(url, log);
    return connect(url);
  });
  try {
    await checkWrites(client, url);
    return client;
  } catch (error) {
    await client.end();
    throw error;
  }
}

async function checkWrites(client: pg.Client, url: string): Promise<void> {
  const { rows } = await client.query(readOnly);
  if (rows[0]?.isStandby) throw unusable(url, 'is a standby, which takes no writes; use the primary');
  if (rows[0]?.isReadOnly) throw unusable(url, 'takes no writes: default_transaction_read_only is on');
}

/** Tells a standby, and a database, role or server that is set to read only. */
export const readOnly = `
  select pg_is_in_recovery() as "isStandby", current_setting('transaction_read_only')::boolean as "isReadOnly"`;

const unusable = (url: string, why: string) =>
  new UnusableDatabaseError(`the database "${databaseOf(url)}" at DATABASE_URL ${why}.`);

async function createDatabase(url: string, log: Logger): Promise<void> {
  const name = databaseOf(url);
  const maintenance = new URL(withoutLimits(url));
  maintenance.pathname = '/postgres';
  try {
    const client = await connect(maintenance.href);
    await client.query(`create database ${pg.escapeIdentifier(name)}`).finally(() => client.end());
  } catch (error) {
    // duplicate_database, or the unique violation of a concurrent CREATE DATABASE: another process was faster.
    if (error instanceof pg.DatabaseError && ['42P04', '23505'].includes(String(error.code))) return;
    throw unusable(url, 'does not exist and cannot be made by this role; correct the name, or make it with createdb');
  }
  log.warn(
    `The database "${name}" did not exist and was made, empty. If the name is mistyped, correct DATABASE_URL and drop it.`,
  );
}

const connect = (url: string): Promise<pg.Client> => connectAsking(url, 'gatehouse-migrate');
