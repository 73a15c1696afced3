import { Command, CommanderError } from 'commander';
import { defineAccounts } from './commands/define-accounts.js';
import { defineOperation } from './commands/define-operation.js';
import { defineWork } from './commands/define-work.js';
import { exitCodes } from './commands/exit-codes.js';
import { keepLoaded } from './loading/load.js';
import { version } from './settings/version.js';

/** Not at the top of the file, since parts of the bundle cannot wait while they are loaded. */
async function run(): Promise<void> {
  const gatehouse = new Command('gatehouse')
    .description('Self-hosted accounts and access control over GraphQL.')
    .version(await version())
    .exitOverride()
    .option('--json', 'print JSON, one object a line, in place of text')
    .hook('preAction', async () => (await import('./commands/dot-env.js')).loadDotEnv(process.env));
  for (const define of [defineOperation, defineAccounts, defineWork]) define(gatehouse, process.env);

  await gatehouse.parseAsync().catch(async (error) => {
    // Commander has told of it. Help and version come this way, too.
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : exitCodes.usage;
    else (await import('./commands/command.js')).fail(error);
  });
  // A command that was the first to load something is slower once. The service does it when it is ready.
  if (gatehouse.args[0] !== 'serve') await keepLoaded();
}

void run();
