import { loadConfig } from '../config.js';
import { withServices } from '../open-services.js';
import type { Environment } from './command.js';
import type { Output } from './output.js';

/** Has every process of the service forget what it remembers of the database. */
export async function clearCaches(env: Environment, output: Output): Promise<void> {
  await withServices(loadConfig(env), ({ database }) => database.sql.rows(`select gatehouse_tell('forget')`));
  output.print({ cleared: true }, 'Every process that runs has forgotten what it had in memory.');
}
