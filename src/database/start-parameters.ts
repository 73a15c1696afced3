import pg from 'pg';
import { seconds } from '../clock.js';
import { withoutLimits } from './time-limits.js';

/** A time limit that nobody else sets, in milliseconds: a second less than a day. */
const asked = 86_399_999;

/** Says whether the server has been told with which limit the connection was to start. */
const granted = `select current_setting('statement_timeout') = '${asked}ms' as holds`;

/**
 * Connects with a time limit that shows whether parameters of a connection's start reach the server. Between the two may be a
 * pooler, which refuses them, or drops them when it has been told to ignore them. Then time limits have to be set in each
 * transaction.
 */
export async function connectAsking(url: string, applicationName: string): Promise<pg.Client> {
  try {
    return await connect(url, applicationName, { statement_timeout: asked });
  } catch (error) {
    if (!isRefusedParameter(error)) throw error;
    return connect(url, applicationName, {});
  }
}

/** Whether the server knows the parameters with which a connection starts. @param client of `connectAsking` */
export async function keepsParameters(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ holds: boolean }>(granted);
  return rows[0]?.holds ?? false;
}

async function connect(url: string, applicationName: string, parameters: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: withoutLimits(url),
    connectionTimeoutMillis: seconds(5),
    application_name: applicationName,
    ...parameters,
  });
  // An error between two statements is reported by the next one; without a listener it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** PgBouncer's answer to a parameter that it does not know. SQLSTATE 08P01 is protocol_violation. */
const isRefusedParameter = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.code === '08P01' && /startup parameter/.test(error.message);
