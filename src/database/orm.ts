import { defineConfig, type Options } from '@mikro-orm/postgresql';

export type Entities = NonNullable<Options['entities']>;

/** MikroORM options that the service, the migrator and MikroORM's command line share. */
export const ormOptions = (clientUrl: string, poolSize: number, entities: Entities): Options =>
  defineConfig({
    clientUrl,
    entities,
    pool: { min: 0, max: poolSize },
    forceUtcTimezone: true,
    // The rate limiter creates and owns this table; without the option a schema comparison would drop it.
    schemaGenerator: { skipTables: ['rate_limits'] },
    discovery: { disableDynamicFileAccess: true, warnWhenNoEntities: false },
  });
