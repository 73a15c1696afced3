import { z } from 'zod';

export const logging = {
  /** Least severe level that is logged. */
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** File to write the log to, as JSON lines, instead of standard output. */
  LOG_FILE: z.string().meta({ type: 'path' }).optional(),
};
