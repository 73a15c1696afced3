import { Migrator } from '@mikro-orm/migrations';
import { MikroORM, type Options } from '@mikro-orm/postgresql';
import { Migration20261122000000_initial } from '../../migrations/Migration20261122000000_initial.js';
import { Migration20261122160000_credentials } from '../../migrations/Migration20261122160000_credentials.js';
import { Migration20261122190000_search } from '../../migrations/Migration20261122190000_search.js';
import { Migration20261122210000_access } from '../../migrations/Migration20261122210000_access.js';
import { Migration20261126090000_session_cap } from '../../migrations/Migration20261126090000_session_cap.js';
import { Migration20261126120000_history } from '../../migrations/Migration20261126120000_history.js';
import { Migration20261126140000_bounds } from '../../migrations/Migration20261126140000_bounds.js';
import { migrationNames } from './migration-names.js';
import { type Entities, ormOptions } from './orm.js';

const classes = {
  Migration20261122000000_initial,
  Migration20261122160000_credentials,
  Migration20261122190000_search,
  Migration20261122210000_access,
  Migration20261126090000_session_cap,
  Migration20261126120000_history,
  Migration20261126140000_bounds,
} satisfies Record<(typeof migrationNames)[number], unknown>;

const migrationsList = migrationNames.map((name) => ({ name, class: classes[name] }));

/**
 * With the migrator, which takes a third of the time of a start to load. mikro-orm.config.ts hands the same to its command line.
 * @param entities what the tables are compared with; migrations themselves need none
 */
export const migratingOptions = (url: string, entities: Entities = []): Options => ({
  ...ormOptions(url, 2, entities),
  extensions: [Migrator],
  migrations: { migrationsList, path: 'migrations', snapshot: false },
});

/** Runs what is pending over connections of its own, however long it takes. */
export async function runMigrations(url: string): Promise<void> {
  const orm = await MikroORM.init({
    ...migratingOptions(url),
    logger: () => undefined,
    // Its parameters (sslmode, options) count as they do for the other connections.
    driverOptions: { connection: { connectionString: url } },
  });
  try {
    await orm.getMigrator().up();
  } finally {
    await orm.close(true);
  }
}
