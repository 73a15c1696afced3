import pg from 'pg';
import { migrationStates } from '../database/migrate.js';
import { UnusableDatabaseError } from '../database/prepare-database.js';
import { refuseWhileServiceRuns } from '../database/running-service.js';
import { tablesIn } from './catalogue.js';

/** Tables that have rows only once somebody has used the service. A new one has two roles of its own. */
const used = [
  ['users', ''],
  ['former_users', ''],
  ['roles', 'where not is_system'],
] as const;

/**
 * @throws UnusableDatabaseError for a database that a service runs on, that has been used, that holds something else, or that
 *   a newer version has made
 */
export async function checkTarget(client: pg.Client): Promise<void> {
  await refuseWhileServiceRuns(client);
  const [encoding] = (await client.query<{ server_encoding: string }>('show server_encoding')).rows;
  if (encoding?.server_encoding !== 'UTF8')
    throw new UnusableDatabaseError('the database cannot hold every text; make it with the encoding UTF8.');
  const states = await migrationStates(client);
  if (states.some(({ isKnown }) => !isKnown))
    throw new UnusableDatabaseError('the database is newer than this program; restore into an empty one.');
  const names = new Set((await tablesIn(client)).map(({ name }) => name));
  if (names.size > 0 && !states.some(({ isDone }) => isDone))
    throw new UnusableDatabaseError('the database has tables of something else; restore into an empty one.');
  for (const [name, which] of used) {
    if (!names.has(name)) continue;
    const { rowCount } = await client.query(`select from ${pg.escapeIdentifier(name)} ${which} limit 1`);
    if (rowCount) throw occupied(name);
  }
}

const occupied = (table: string) =>
  new UnusableDatabaseError(
    `the database is in use (it has rows in ${table}), and nothing is overwritten. Restore into an empty one: another DATA_DIR or DATABASE_URL.`,
  );
