#!/usr/bin/env node
import { Command } from 'commander';
import { fail } from './commands/command.js';
import { createAdministrator, type NewAdministrator } from './commands/create-administrator.js';
import { listKeys, revokeKey, rotateKeys } from './commands/keys.js';
import { migrate } from './commands/migrate.js';
import { type PasswordSource, resetAdministratorsPassword } from './commands/reset-password.js';
import { serve } from './commands/serve.js';
import { version } from './commands/version.js';

const gatehouse = new Command('gatehouse')
  .description('Self-hosted accounts and access control over GraphQL.')
  .version(await version());

gatehouse
  .command('serve')
  .description('run the service until it is told to stop')
  .action(() => serve(process.env));

gatehouse
  .command('migrate')
  .description('bring the database schema up to date')
  .action(() => migrate(process.env));

const admin = gatehouse.command('admin').description('manage administrators');

admin
  .command('create')
  .description('make an administrator; the password is ADMIN_PASSWORD or, without it, a random one that is shown once')
  .requiredOption('--username <name>', 'name to sign in with')
  .requiredOption('--email <address>', 'e-mail address, taken as verified')
  .option('--password', 'ask for the password, or read it from a pipe')
  .action((options: NewAdministrator) => createAdministrator(process.env, options));

admin
  .command('reset-password')
  .description('give an administrator another password, a random one that is shown once; ends sessions and locks')
  .argument('<username>', 'name to sign in with')
  .option('--password', 'ask for the password, or read it from a pipe')
  .action((username: string, options: PasswordSource) => resetAdministratorsPassword(process.env, username, options));

const keys = gatehouse.command('keys').description('manage the keys that sign access tokens');

keys
  .command('list')
  .description('show the living keys, newest first')
  .action(() => listKeys(process.env));

keys
  .command('rotate')
  .description('sign with a new key; tokens signed by the former one live out their time')
  .action(() => rotateKeys(process.env));

keys
  .command('revoke')
  .description('end a key, and every access token that it has signed, at once')
  .argument('<kid>', 'the key, as keys list shows it')
  .action((kid: string) => revokeKey(process.env, kid));

await gatehouse.parseAsync().catch(fail);
