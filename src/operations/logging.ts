import { type Logger, pino } from 'pino';
import { PinoPretty } from 'pino-pretty';
import type { Config } from '../config.js';

export type { Logger };

/** Never let through, wherever it stands in a logged object. */
const redact = ['req.headers', '*.password', '*.token', '*.authorization', '*.cookie'];

/** JSON lines in production or in LOG_FILE, readable lines otherwise. */
export function createLogger(config: Pick<Config, 'log' | 'production'>): Logger {
  const options = { level: config.log.level, redact, base: null };
  if (config.log.file) return pino(options, pino.destination({ dest: config.log.file, mkdir: true, sync: true }));
  if (config.production) return pino(options);
  return pino(
    options,
    PinoPretty({ colorize: process.stdout.isTTY, translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname', sync: true }),
  );
}
