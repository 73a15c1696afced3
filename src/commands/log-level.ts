import { ConfigError, loadConfig } from '../config.js';
import { withServices } from '../open-services.js';
import { isLevel } from '../operations/log-level.js';
import type { Environment } from './command.js';
import type { Output } from './output.js';

const send = `select gatehouse_tell('log-level', $1)`;

/**
 * Changes the log level of every process of the service that runs.
 * @throws ConfigError for an unknown level
 */
export async function changeLogLevel(env: Environment, level: string, output: Output): Promise<void> {
  if (!isLevel(level)) throw new ConfigError(`${JSON.stringify(level)} is no log level`);
  await withServices(loadConfig(env), ({ database }) => database.sql.rows(send, [level]));
  output.print({ level }, `Every process that runs logs by the level ${level} from now on.`);
}
