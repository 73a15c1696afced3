import { Argument, type Command } from 'commander';
import type { Environment } from './command.js';
import type { Shell } from './completion.js';
import type { Examination } from './doctor.js';
import { outputOf } from './output.js';
import type { Restoring } from './restore.js';

// Each command imports its modules on demand; see define-accounts.ts.

/** Adds the commands that run the service and look after it. */
export function defineOperation(gatehouse: Command, env: Environment): void {
  gatehouse
    .command('serve')
    .description('run the service until it is told to stop')
    .action(async () => (await import('./serve.js')).serve(env));
  defineMigrations(gatehouse, env);
  defineBackups(gatehouse, env);
  gatehouse
    .command('doctor')
    .description(
      'check configuration, database, keys, pages, mail and disk; exits with 1 and says what to do for each fault',
    )
    .option('--mail <address>', 'also send a test message to this address')
    .action(async (options: Examination, command: Command) => {
      process.exitCode = await (await import('./doctor.js')).examine(env, options, outputOf(command));
    });
  gatehouse
    .command('cache')
    .description('manage what processes remember')
    .command('clear')
    .description('have every process that runs forget what it remembers of the database')
    .action(async (_options: object, command: Command) =>
      (await import('./cache.js')).clearCaches(env, outputOf(command)),
    );
  gatehouse
    .command('log-level')
    .description('change what running processes log, until they are started again')
    .argument('<level>', 'trace, debug, info, warn, error, fatal or silent; or configured, which is LOG_LEVEL')
    .action(async (level: string, _options: object, command: Command) =>
      (await import('./log-level.js')).changeLogLevel(env, level, outputOf(command)),
    );
  gatehouse
    .command('schema')
    .description('look at the API')
    .command('print')
    .description('show the schema of the API, as schema.graphql has it')
    .action(async () => (await import('./schema.js')).printApiSchema());
  gatehouse
    .command('completion')
    .description('print a script by which a shell completes commands and options')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: Shell) => (await import('./completion.js')).printCompletion(gatehouse, shell));
}

function defineMigrations(gatehouse: Command, env: Environment): void {
  const migrate = gatehouse.command('migrate').description('bring the database schema up to date (as migrate up does)');
  const up = async (_options: object, command: Command) =>
    (await import('./migrate.js')).migrateUp(env, outputOf(command));
  migrate.action(up);
  migrate.command('up').description('bring the database schema up to date').action(up);
  migrate
    .command('down')
    .description('undo the last migration, with what is only in its tables and columns; no service may run')
    .option('--yes', 'do it')
    .action(async (options: { yes?: boolean }, command: Command) =>
      (await import('./migrate.js')).migrateDown(env, options, outputOf(command)),
    );
  migrate
    .command('status')
    .description('show which migrations have been run; exits with 1 unless all have')
    .action(async (_options: object, command: Command) =>
      (await import('./migrate.js')).showMigrations(env, outputOf(command)),
    );
}

function defineBackups(gatehouse: Command, env: Environment): void {
  gatehouse
    .command('backup')
    .description('write everything in the database to a new file, also while the service runs')
    .argument('<file>', 'where to; - for standard output')
    .action(async (file: string, _options: object, command: Command) =>
      (await import('./backup.js')).backUp(env, file, outputOf(command)),
    );
  gatehouse
    .command('restore')
    .description('load a backup into an empty database and verify it; sessions, mailed links and waiting mails end')
    .argument('<file>', 'what backup has written; - for standard input')
    .option('--keep-sessions', 'for a planned move: sessions, mailed links and signing keys go on')
    .option('--keep-mail', 'for a planned move: mails that waited are sent')
    .action(async (file: string, options: Restoring, command: Command) =>
      (await import('./restore.js')).restore(env, file, options, outputOf(command)),
    );
}
