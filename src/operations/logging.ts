import { type Logger, type LoggerOptions, pino } from 'pino';
import { PinoPretty } from 'pino-pretty';
import { type Config, ConfigError } from '../config.js';
import { LogDestination } from './log-destination.js';
import type { OperationLine } from './operation-line.js';
import { withoutSecrets } from './redaction.js';

export type { Logger };

type WriteOperation = (line: OperationLine) => void;

/** Ways past pino and the search for secrets, which would cost ten times as much as the line. */
const shortWays = new WeakMap<Logger, WriteOperation>();

/**
 * Creates the logger: JSON lines in production or into LOG_FILE, readable lines otherwise. Secrets are redacted.
 * @throws ConfigError when LOG_FILE cannot be written
 */
export function createLogger(config: Pick<Config, 'log' | 'production'>): Logger {
  const { level, file } = config.log;
  const options: LoggerOptions = { level, hooks: { streamWrite: withoutSecrets }, base: null };
  if (file) return jsonLogger(options, openFile(file));
  if (config.production) return jsonLogger(options, LogDestination.standardOutput());
  const pretty = { colorize: process.stdout.isTTY, translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname', sync: true };
  const log = pino(options, PinoPretty(pretty));
  shortWays.set(log, (line) => log[line.level](line.summary));
  return log;
}

/** The logger of a command whose standard output is data: into LOG_FILE, or JSON lines on the error output. */
export function createErrorLogger(config: Pick<Config, 'log' | 'production'>): Logger {
  const { level, file } = config.log;
  if (file) return createLogger(config);
  return pino({ level, hooks: { streamWrite: withoutSecrets }, base: null }, pino.destination({ fd: 2, sync: true }));
}

/** The function that writes lines of operations to a log; it heeds the level. */
export function operationWriter(log: Logger): WriteOperation {
  const write = shortWays.get(log) ?? ((line) => log[line.level](line, line.message));
  return (line) => {
    if (log.isLevelEnabled(line.level)) write(line);
  };
}

function jsonLogger(options: LoggerOptions, destination: LogDestination): Logger {
  const log = pino(options, destination);
  shortWays.set(log, (line) => (line.isNotable ? destination.write(line.json) : destination.writeSoon(line.json)));
  return log;
}

function openFile(path: string) {
  try {
    return LogDestination.file(path);
  } catch (error) {
    throw new ConfigError(`LOG_FILE: ${path} cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}
