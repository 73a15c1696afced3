import { fail } from './commands/command.js';
import { loadDotEnv } from './commands/dot-env.js';
import { serve } from './commands/serve.js';

/**
 * Runs the service, with the arguments of this process.
 * @param building the build of the pages, if there is one under way: whether it succeeds
 */
export async function start(building?: Promise<boolean>): Promise<void> {
  try {
    loadDotEnv(process.env);
    await serve(process.env, process.argv.slice(2), building);
  } catch (error) {
    fail(error);
  }
}
