import { defineConfig, type Options } from '@mikro-orm/postgresql';

export type Entities = NonNullable<Options['entities']>;

/** The ORM's options for one database. */
export const ormOptions = (clientUrl: string, poolSize: number, entities: Entities): Options =>
  defineConfig({
    clientUrl,
    entities,
    pool: { min: 0, max: poolSize },
    forceUtcTimezone: true,
    // A column that the code does not know is none of its business (rate_limits belongs to the limiter).
    schemaGenerator: { skipTables: ['rate_limits'] },
    discovery: { disableDynamicFileAccess: true, warnWhenNoEntities: false },
  });
