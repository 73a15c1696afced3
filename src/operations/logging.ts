import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { PinoPretty } from 'pino-pretty';
import { type Config, ConfigError } from '../config.js';
import { LogDestination } from './log-destination.js';
import { OperationLine } from './operation-line.js';
import { withoutSecrets } from './redaction.js';

export type { Logger };

/**
 * Creates the logger: JSON lines in production or into LOG_FILE, readable lines otherwise. Secrets are redacted.
 * @throws ConfigError when LOG_FILE cannot be written
 */
export function createLogger(config: Pick<Config, 'log' | 'production'>): Logger {
  const { level, file } = config.log;
  const options: LoggerOptions = { level, base: null };
  if (file) return pino(options, jsonLines(openFile(file)));
  if (config.production) return pino(options, jsonLines(new LogDestination(1)));
  return pino(options, readableLines());
}

function openFile(path: string) {
  try {
    return LogDestination.file(path);
  } catch (error) {
    throw new ConfigError(`LOG_FILE: ${path} cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}

function jsonLines(destination: LogDestination): Lines {
  return new Lines(
    (line) => destination.write(line),
    (line, { isNotable }) => (isNotable ? destination.write(line) : destination.writeSoon(line)),
  );
}

function readableLines(): Lines {
  const pretty = PinoPretty({
    colorize: process.stdout.isTTY,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'pid,hostname',
    sync: true,
  });
  const shorten = (line: string, { summary }: OperationLine) => {
    const { level, time } = JSON.parse(line);
    return pretty.write(`${JSON.stringify({ level, time, msg: summary })}\n`);
  };
  return new Lines((line) => pretty.write(line), shorten);
}

/** Makes pino set `lastObj` before each line (pino's documentation of `pino.metadata`). */
const metadata: unique symbol = Symbol.for('pino.metadata') as never;

/** Redacts secrets in every line but those of operations: that would cost more than the rest of their logging. */
class Lines implements DestinationStream {
  readonly [metadata] = true;
  /** The object that the next line was made from. */
  lastObj: unknown;

  constructor(
    private readonly writeLine: (line: string) => void,
    private readonly writeOperation: (line: string, operation: OperationLine) => void,
  ) {}

  write(line: string): void {
    if (this.lastObj instanceof OperationLine) this.writeOperation(line, this.lastObj);
    else this.writeLine(withoutSecrets(line));
  }
}
