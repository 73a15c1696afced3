import { z } from 'zod';

export const logging = {
  /** Least severe level that is logged; [may be changed](operations.md#level) while the service runs. */
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /**
   * File to write the log to, as JSON lines; [rotated](operations.md#file) at 10 MB, ten older ones are kept.
   * @defaultValue standard output
   */
  LOG_FILE: z.string().meta({ type: 'path' }).optional(),
};
