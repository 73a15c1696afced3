import type { Command } from 'commander';
import type { Environment } from './command.js';
import type { NewAdministrator } from './create-administrator.js';
import { outputOf } from './output.js';
import type { PasswordSource } from './reset-password.js';
import type { Applying } from './roles.js';
import type { UserListing } from './users.js';
import type { Importing } from './users-import.js';

// Each command imports its modules on demand: most need the whole service, which takes a second to load on a slow
// machine.

const user = '<user>';
const anyName = 'username, e-mail address or id';

/** Adds the commands about people and roles. */
export function defineAccounts(gatehouse: Command, env: Environment): void {
  defineAdministrators(gatehouse, env);
  const users = gatehouse.command('users').description('look at accounts, and move them in and out');
  defineImport(users, env);
  defineExport(users, env);
  users
    .command('list')
    .description('show accounts in the order of their names')
    .option('--search <text>', 'part of a username, address, first or last name')
    .option('--role <name>', 'only those who hold this role now')
    .option('--active', 'only active ones')
    .option('--deactivated', 'only deactivated ones')
    .action(async (options: UserListing, command: Command) =>
      (await import('./users.js')).printUsers(env, options, outputOf(command)),
    );
  gatehouse
    .command('roles')
    .description('manage roles as code')
    .command('apply')
    .description('make roles as a file describes them, after showing what changes and how many people it affects')
    .argument('<file>', 'YAML or JSON; see docs/access-control.md')
    .option('--dry-run', 'only show it')
    .option('--prune', 'delete roles that the file does not describe')
    .action(async (path: string, options: Applying, command: Command) =>
      (await import('./roles.js')).applyRoles(env, path, options, outputOf(command)),
    );
  const sessions = gatehouse.command('sessions').description('look at sessions, and end them');
  sessions
    .command('list')
    .description('show the open sessions of an account')
    .argument(user, anyName)
    .action(async (named: string, _options: object, command: Command) =>
      (await import('./sessions.js')).listSessions(env, named, outputOf(command)),
    );
  sessions
    .command('revoke')
    .description('end all sessions of an account; its API tokens stay')
    .argument(user, anyName)
    .action(async (named: string, _options: object, command: Command) =>
      (await import('./sessions.js')).revokeSessions(env, named, outputOf(command)),
    );
  gatehouse
    .command('two-factor')
    .description('manage second factors')
    .command('reset')
    .description('remove the second factor of somebody who has lost it; leaves an event and mails the owner')
    .argument(user, anyName)
    .action(async (named: string, _options: object, command: Command) =>
      (await import('./two-factor.js')).resetSecondFactor(env, named, outputOf(command)),
    );
}

function defineImport(users: Command, env: Environment): void {
  users
    .command('import')
    .description('take the people of a file; prints those who are refused, and then exits with 1')
    .argument('<file>', 'see docs/moving.md; - is standard input')
    .option(
      '--format <name>',
      'json-lines, csv, keycloak, flask, auth0 or firebase; the first two are guessed where that is safe',
    )
    .option('--firebase-hash <file>', 'parameters of the hashes of a Firebase project, in JSON')
    .option('--dry-run', 'only check the file')
    .option('--allow-administrators', 'take administrators, who are refused otherwise')
    .action(async (path: string, options: Importing, command: Command) =>
      (await import('./users-import.js')).importPeople(env, path, options, outputOf(command)),
    );
}

function defineExport(users: Command, env: Environment): void {
  users
    .command('export')
    .description('write all people and roles as JSON Lines, with hashes of passwords and seeds of second factors')
    .argument('[file]', 'is made, readable for its owner alone; default: standard output', '-')
    .option('--without-secrets', 'leave out hashes and seeds')
    .action(async (path: string, { withoutSecrets }: { withoutSecrets?: boolean }, command: Command) =>
      (await import('./users-export.js')).exportPeople(env, path, { secrets: !withoutSecrets }, outputOf(command)),
    );
}

function defineAdministrators(gatehouse: Command, env: Environment): void {
  const admin = gatehouse.command('admin').description('manage administrators');
  admin
    .command('create')
    .description(
      'make an administrator; the password is ADMIN_PASSWORD or, without it, a random one that is shown once',
    )
    .requiredOption('--username <name>', 'name to sign in with')
    .requiredOption('--email <address>', 'e-mail address, taken as verified')
    .option('--password', 'ask for the password, or read it from a pipe')
    .action(async (options: NewAdministrator, command: Command) => {
      const { createAdministrator } = await import('./create-administrator.js');
      await createAdministrator(env, options, outputOf(command));
    });
  admin
    .command('reset-password')
    .description('give an administrator another password, a random one that is shown once; ends sessions and locks')
    .argument('<username>', 'name to sign in with')
    .option('--password', 'ask for the password, or read it from a pipe')
    .action(async (username: string, options: PasswordSource, command: Command) => {
      const { resetAdministratorsPassword } = await import('./reset-password.js');
      await resetAdministratorsPassword(env, { username, ...options }, outputOf(command));
    });
}
