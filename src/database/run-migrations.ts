import { Migrator } from '@mikro-orm/migrations';
import { type IMigrator, MikroORM, type Options } from '@mikro-orm/postgresql';
import { Migration20261122000000_initial } from '../../migrations/Migration20261122000000_initial.js';
import { Migration20261122160000_credentials } from '../../migrations/Migration20261122160000_credentials.js';
import { Migration20261122190000_search } from '../../migrations/Migration20261122190000_search.js';
import { Migration20261122210000_access } from '../../migrations/Migration20261122210000_access.js';
import { Migration20261126090000_session_cap } from '../../migrations/Migration20261126090000_session_cap.js';
import { Migration20261126120000_history } from '../../migrations/Migration20261126120000_history.js';
import { Migration20261126140000_bounds } from '../../migrations/Migration20261126140000_bounds.js';
import { Migration20261127060000_own_events } from '../../migrations/Migration20261127060000_own_events.js';
import { Migration20261127090000_event_chain } from '../../migrations/Migration20261127090000_event_chain.js';
import { Migration20261127100000_jobs } from '../../migrations/Migration20261127100000_jobs.js';
import { Migration20261127110000_request_ids } from '../../migrations/Migration20261127110000_request_ids.js';
import { Migration20261127120000_claims } from '../../migrations/Migration20261127120000_claims.js';
import { Migration20261127150000_event_words } from '../../migrations/Migration20261127150000_event_words.js';
import { Migration20261127160000_job_expiry } from '../../migrations/Migration20261127160000_job_expiry.js';
import { Migration20261128100000_expired_months } from '../../migrations/Migration20261128100000_expired_months.js';
import { Migration20261128110000_event_walks } from '../../migrations/Migration20261128110000_event_walks.js';
import { Migration20261129100000_user_imports } from '../../migrations/Migration20261129100000_user_imports.js';
import { Migration20261129200000_job_trace } from '../../migrations/Migration20261129200000_job_trace.js';
import { Migration20261201100000_session_proofs } from '../../migrations/Migration20261201100000_session_proofs.js';
import { Migration20261201200000_versions } from '../../migrations/Migration20261201200000_versions.js';
import { Migration20261202100000_event_counts } from '../../migrations/Migration20261202100000_event_counts.js';
import { Migration20261202110000_locked_attempts } from '../../migrations/Migration20261202110000_locked_attempts.js';
import { Migration20261202200000_administrators } from '../../migrations/Migration20261202200000_administrators.js';
import { Migration20261203100000_newest_first } from '../../migrations/Migration20261203100000_newest_first.js';
import { Migration20261203110000_events_of_requests } from '../../migrations/Migration20261203110000_events_of_requests.js';
import { Migration20261204100000_administrators_made } from '../../migrations/Migration20261204100000_administrators_made.js';
import { Migration20261205100000_failure_counts } from '../../migrations/Migration20261205100000_failure_counts.js';
import { Migration20261206100000_locked_by_administrators } from '../../migrations/Migration20261206100000_locked_by_administrators.js';
import { Migration20261207100000_holders_of_roles } from '../../migrations/Migration20261207100000_holders_of_roles.js';
import { Migration20261208100000_remembered_accounts } from '../../migrations/Migration20261208100000_remembered_accounts.js';
import { Migration20261209100000_session_tokens } from '../../migrations/Migration20261209100000_session_tokens.js';
import { Migration20261209100000_signal_outbox } from '../../migrations/Migration20261209100000_signal_outbox.js';
import { Migration20261209110000_hot_sessions } from '../../migrations/Migration20261209110000_hot_sessions.js';
import { Migration20261209120000_early_vacuum } from '../../migrations/Migration20261209120000_early_vacuum.js';
import { migrationNames } from './migration-names.js';
import { type Entities, ormOptions } from './orm.js';
import { withoutLimits } from './time-limits.js';

const classes = {
  Migration20261122000000_initial,
  Migration20261122160000_credentials,
  Migration20261122190000_search,
  Migration20261122210000_access,
  Migration20261126090000_session_cap,
  Migration20261126120000_history,
  Migration20261126140000_bounds,
  Migration20261127060000_own_events,
  Migration20261127090000_event_chain,
  Migration20261127100000_jobs,
  Migration20261127110000_request_ids,
  Migration20261127120000_claims,
  Migration20261127150000_event_words,
  Migration20261127160000_job_expiry,
  Migration20261128100000_expired_months,
  Migration20261128110000_event_walks,
  Migration20261129100000_user_imports,
  Migration20261129200000_job_trace,
  Migration20261201100000_session_proofs,
  Migration20261201200000_versions,
  Migration20261202100000_event_counts,
  Migration20261202110000_locked_attempts,
  Migration20261202200000_administrators,
  Migration20261203100000_newest_first,
  Migration20261203110000_events_of_requests,
  Migration20261204100000_administrators_made,
  Migration20261205100000_failure_counts,
  Migration20261206100000_locked_by_administrators,
  Migration20261207100000_holders_of_roles,
  Migration20261208100000_remembered_accounts,
  Migration20261209100000_session_tokens,
  Migration20261209100000_signal_outbox,
  Migration20261209110000_hot_sessions,
  Migration20261209120000_early_vacuum,
} satisfies Record<(typeof migrationNames)[number], unknown>;

const migrationsList = migrationNames.map((name) => ({ name, class: classes[name] }));

/**
 * Options with the migrator, for `runMigrations` and for MikroORM's command line (mikro-orm.config.ts). Kept in a file
 * of its own because loading the migrator takes a third of the start time.
 * @param entities to compare the tables with; running migrations needs none
 */
export const migratingOptions = (url: string, entities: Entities = []): Options => ({
  ...ormOptions(url, 2, entities),
  extensions: [Migrator],
  migrations: { migrationsList, path: 'migrations', snapshot: false },
});

/** Runs pending migrations over separate connections, without a time limit. */
export const runMigrations = (url: string): Promise<void> => withMigrator(url, (migrator) => migrator.up());

/** Undoes the migration that was run last. */
export const undoMigration = (url: string): Promise<void> => withMigrator(url, (migrator) => migrator.down());

/** Runs or undoes migrations until this one is the last that was run. */
export const migrateTo = (url: string, name: string): Promise<void> =>
  withMigrator(url, async (migrator) => {
    const executed = (await migrator.getExecutedMigrations()).map((one) => one.name);
    const next = migrationNames.find((other) => other > name && executed.includes(other));
    // Undoes the named one, too.
    if (next) await migrator.down({ to: next });
    else if (!executed.includes(name)) await migrator.up({ to: name });
  });

async function withMigrator(url: string, work: (migrator: IMigrator) => Promise<unknown>): Promise<void> {
  const orm = await MikroORM.init({
    ...migratingOptions(url),
    logger: () => undefined,
    // The connection string goes in with its other parameters, such as sslmode, as for the other connections.
    driverOptions: { connection: { connectionString: withoutLimits(url) } },
  });
  try {
    await work(orm.getMigrator());
  } finally {
    await orm.close(true);
  }
}
