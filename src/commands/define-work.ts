import type { Command } from 'commander';
import type { Environment } from './command.js';
import { outputOf } from './output.js';

// Each command imports its modules on demand; see define-accounts.ts.

/** Adds the commands about keys, events, jobs and mail. */
export function defineWork(gatehouse: Command, env: Environment): void {
  defineKeys(gatehouse, env);
  const events = gatehouse.command('events').description('manage the record of security events');
  events
    .command('export')
    .description('print the events, the oldest first, one JSON object a line')
    .option('--after <sequence>', 'only those with a higher number than this')
    .action(async (options: { after?: string }) => (await import('./events.js')).exportEvents(env, options));
  events
    .command('verify')
    .description(
      'check that no event was altered, removed, inserted or moved; exits with 1 and names the first that was',
    )
    .option('--heads <file>', 'compare with signed heads that were kept elsewhere, one a line')
    .action(async (options: { heads?: string }, command: Command) =>
      (await import('./events.js')).verifyEvents(env, options, outputOf(command)),
    );
  defineJobs(gatehouse, env);
  gatehouse
    .command('mail')
    .description('manage mail')
    .command('retry')
    .description('send every mail again that has failed and is still of use')
    .action(async (_options: object, command: Command) =>
      (await import('./mail.js')).retryMails(env, outputOf(command)),
    );
}

function defineKeys(gatehouse: Command, env: Environment): void {
  const keys = gatehouse.command('keys').description('manage the keys that sign access tokens');
  keys
    .command('list')
    .description('show the living keys, newest first')
    .action(async (_options: object, command: Command) => (await import('./keys.js')).listKeys(env, outputOf(command)));
  keys
    .command('rotate')
    .description('sign with a new key; tokens signed by the former one live out their time')
    .action(async (_options: object, command: Command) =>
      (await import('./keys.js')).rotateKeys(env, outputOf(command)),
    );
  keys
    .command('revoke')
    .description('end a key, and every access token that it has signed, at once')
    .argument('<kid>', 'the key, as keys list shows it')
    .action(async (kid: string, _options: object, command: Command) =>
      (await import('./keys.js')).revokeKey(env, kid, outputOf(command)),
    );
}

function defineJobs(gatehouse: Command, env: Environment): void {
  const jobs = gatehouse.command('jobs').description('manage the work in the background');
  jobs
    .command('list')
    .description('show what runs when, and how much of it waits, runs and has failed')
    .action(async (_options: object, command: Command) => (await import('./jobs.js')).listJobs(env, outputOf(command)));
  jobs
    .command('run')
    .description('run what is due of one task now; a periodic job also before its time')
    .argument('<name>', 'the task, as jobs list shows it')
    .action(async (name: string, _options: object, command: Command) => {
      process.exitCode = await (await import('./jobs.js')).runJobs(env, name, outputOf(command));
    });
  jobs
    .command('failed')
    .description('show the jobs that have failed, the latest first, with the reason')
    .action(async (_options: object, command: Command) =>
      (await import('./jobs.js')).listFailed(env, outputOf(command)),
    );
  jobs
    .command('retry')
    .description('run a failed job again')
    .argument('<id>', 'the job, as jobs failed shows it')
    .action(async (id: string, _options: object, command: Command) =>
      (await import('./jobs.js')).retryFailed(env, id, outputOf(command)),
    );
}
