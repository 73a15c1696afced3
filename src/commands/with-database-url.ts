import type { Config } from '../config.js';
import { ensureDataDirectory } from '../data-directory.js';
import { joinPostgres } from '../database/open-database.js';
import type { Logger } from '../operations/logging.js';

/** Runs work with the address of the database, which the embedded PostgreSQL has only while it runs. */
export async function withDatabaseUrl<T>(config: Config, log: Logger, work: (url: string) => Promise<T>): Promise<T> {
  await ensureDataDirectory(config);
  const postgres = await joinPostgres(config, log);
  try {
    return await work(postgres.url);
  } finally {
    await postgres.stop();
  }
}
