#!/usr/bin/env node
import { Command } from 'commander';
import type { NewAdministrator } from './commands/create-administrator.js';
import type { PasswordSource } from './commands/reset-password.js';
import { version } from './commands/version.js';

// Each command imports its modules on demand: most need the whole service, which takes seconds to load on a slow
// machine.
const gatehouse = new Command('gatehouse')
  .description('Self-hosted accounts and access control over GraphQL.')
  .version(await version());

gatehouse
  .command('serve')
  .description('run the service until it is told to stop')
  .action(async () => (await import('./commands/serve.js')).serve(process.env));

gatehouse
  .command('migrate')
  .description('bring the database schema up to date')
  .action(async () => (await import('./commands/migrate.js')).migrate(process.env));

const admin = gatehouse.command('admin').description('manage administrators');

admin
  .command('create')
  .description('make an administrator; the password is ADMIN_PASSWORD or, without it, a random one that is shown once')
  .requiredOption('--username <name>', 'name to sign in with')
  .requiredOption('--email <address>', 'e-mail address, taken as verified')
  .option('--password', 'ask for the password, or read it from a pipe')
  .action(async (options: NewAdministrator) => {
    const { createAdministrator } = await import('./commands/create-administrator.js');
    await createAdministrator(process.env, options);
  });

admin
  .command('reset-password')
  .description('give an administrator another password, a random one that is shown once; ends sessions and locks')
  .argument('<username>', 'name to sign in with')
  .option('--password', 'ask for the password, or read it from a pipe')
  .action(async (username: string, options: PasswordSource) => {
    const { resetAdministratorsPassword } = await import('./commands/reset-password.js');
    await resetAdministratorsPassword(process.env, username, options);
  });

const keys = gatehouse.command('keys').description('manage the keys that sign access tokens');

keys
  .command('list')
  .description('show the living keys, newest first')
  .action(async () => (await import('./commands/keys.js')).listKeys(process.env));

keys
  .command('rotate')
  .description('sign with a new key; tokens signed by the former one live out their time')
  .action(async () => (await import('./commands/keys.js')).rotateKeys(process.env));

keys
  .command('revoke')
  .description('end a key, and every access token that it has signed, at once')
  .argument('<kid>', 'the key, as keys list shows it')
  .action(async (kid: string) => (await import('./commands/keys.js')).revokeKey(process.env, kid));

const events = gatehouse.command('events').description('manage the record of security events');

events
  .command('verify')
  .description('check that no event was altered, removed, inserted or moved; exits with 1 and names the first that was')
  .option('--heads <file>', 'compare with signed heads that were kept elsewhere, one a line')
  .action(async (options: { heads?: string }) => {
    const { verifyEvents } = await import('./commands/events.js');
    await verifyEvents(process.env, options);
  });

const jobs = gatehouse.command('jobs').description('manage the work in the background');

jobs
  .command('list')
  .description('show what runs when, and how much of it waits, runs and has failed')
  .action(async () => (await import('./commands/jobs.js')).listJobs(process.env));

jobs
  .command('run')
  .description('run what is due of one task now; a periodic job also before its time')
  .argument('<name>', 'the task, as jobs list shows it')
  .action(async (name: string) => {
    process.exitCode = await (await import('./commands/jobs.js')).runJobs(process.env, name);
  });

jobs
  .command('failed')
  .description('show the jobs that have failed, the latest first, with the reason')
  .action(async () => (await import('./commands/jobs.js')).listFailed(process.env));

jobs
  .command('retry')
  .description('run a failed job again')
  .argument('<id>', 'the job, as jobs failed shows it')
  .action(async (id: string) => (await import('./commands/jobs.js')).retryFailed(process.env, id));

await gatehouse.parseAsync().catch(async (error) => (await import('./commands/command.js')).fail(error));
