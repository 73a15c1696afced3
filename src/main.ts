import { fail } from './commands/command.js';
import { serve } from './commands/serve.js';

await serve(process.env, process.argv.slice(2)).catch(fail);
