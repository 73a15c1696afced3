import { defineConfig, type Options } from '@mikro-orm/postgresql';

export type Entities = NonNullable<Options['entities']>;

/** MikroORM options that the service, the migrator and MikroORM's command line share. */
export const ormOptions = (clientUrl: string, poolSize: number, entities: Entities): Options =>
  defineConfig({
    clientUrl,
    entities,
    pool: { min: 0, max: poolSize },
    forceUtcTimezone: true,
    // Tables without an entity, which a schema comparison would drop: the rate limiter owns its own, and security events and signals
    // are written by statements alone.
    schemaGenerator: {
      skipTables: [
        'rate_limits',
        'failure_counts',
        /^user_import/,
        'expired_event_months',
        /^event_/,
        /^security_event/,
        /^signal_/,
      ],
    },
    discovery: { disableDynamicFileAccess: true, warnWhenNoEntities: false },
  });
