import { loadConfig } from '../config.js';
import { ensureDataDirectory } from '../data-directory.js';
import { Database } from '../database/database.js';
import { joinPostgres } from '../database/open-database.js';
import { entities } from '../entities.js';
import { createLogger } from '../operations/logging.js';
import type { Environment } from './command.js';

/** Brings the schema up to date and exits. The service does the same when it starts. */
export async function migrate(env: Environment): Promise<void> {
  const config = loadConfig(env);
  const log = createLogger(config);
  await ensureDataDirectory(config);
  const postgres = await joinPostgres(config, log);
  try {
    const database = await Database.open(postgres.url, config.databasePoolSize, log, entities);
    await database.close();
  } finally {
    await postgres.stop();
  }
  process.stdout.write('The database schema is up to date.\n');
}
