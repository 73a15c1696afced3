import { type App, createApp } from '../app.js';
import type { Config } from '../config.js';
import { openPostgres } from '../database/open-database.js';
import type { Overrides } from '../open-services.js';
import { readDemoPeople } from './demo-people.js';
import { ensureDemo } from './ensure-demo.js';

/**
 * Starts the service on the demo, which the first start makes.
 * @param config of `demoEnvironment`
 * @throws as `createApp`; ConfigError when the data folder is that of another service
 */
export const startDemo = (config: Config, overrides: Overrides): Promise<App> =>
  createApp(config, { ...overrides, openPostgres: openWithDemo, demoPeople: readDemoPeople });

const openWithDemo: NonNullable<Overrides['openPostgres']> = async (config, log, signal) => {
  const postgres = await openPostgres(config, log, signal);
  try {
    await ensureDemo(postgres.url, config, { log, ...(signal && { signal }) });
    return postgres;
  } catch (error) {
    await postgres.stop();
    throw error;
  }
};
