import { fail } from './commands/command.js';
import { loadDotEnv } from './commands/dot-env.js';
import { serve } from './commands/serve.js';

async function start(): Promise<void> {
  loadDotEnv(process.env);
  await serve(process.env, process.argv.slice(2));
}

void start().catch(fail);
