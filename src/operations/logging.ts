import { type Logger, type LoggerOptions, pino } from 'pino';
import { PinoPretty } from 'pino-pretty';
import { type Config, ConfigError } from '../config.js';
import { LogDestination } from './log-destination.js';
import { withoutSecrets } from './redaction.js';

export type { Logger };

/**
 * Creates the logger: JSON lines in production or into LOG_FILE, readable lines otherwise. Secrets are redacted.
 * @throws ConfigError when LOG_FILE cannot be written
 */
export function createLogger(config: Pick<Config, 'log' | 'production'>): Logger {
  const { level, file } = config.log;
  const options: LoggerOptions = { level, hooks: { streamWrite: withoutSecrets }, base: null };
  if (file) return pino(options, openFile(file));
  if (config.production) return pino(options, new LogDestination(1));
  return pino(
    options,
    PinoPretty({ colorize: process.stdout.isTTY, translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname', sync: true }),
  );
}

function openFile(path: string) {
  try {
    return LogDestination.file(path);
  } catch (error) {
    throw new ConfigError(`LOG_FILE: ${path} cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}
