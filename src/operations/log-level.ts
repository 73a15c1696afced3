import type { Logger } from './logging.js';

/** From silent to talkative. */
const levels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type Level = (typeof levels)[number];

/** The level of a log, which may change while the service runs. Child loggers keep the level that they were made with. */
export class LogLevel {
  /** @param configured `LOG_LEVEL` */
  constructor(
    private readonly log: Logger,
    private readonly configured: Level,
  ) {}

  /** Goes one level more talkative; from `trace` back to the configured one. */
  step(): void {
    this.set(levels[levels.indexOf(this.log.level as Level) + 1] ?? this.configured);
  }

  /** Changes the level. Logs that, unless it is the level already. @param name `configured`: back to `LOG_LEVEL` */
  set(name: Level | 'configured'): void {
    const level = name === 'configured' ? this.configured : name;
    if (level === this.log.level) return;
    // Told in between, so that it is told under quiet levels too.
    this.log.level = 'info';
    this.log.info(`The log level is now ${level}`);
    this.log.level = level;
  }
}

/** Whether this is what `set` takes. */
export const isLevel = (name: string): name is Level | 'configured' =>
  name === 'configured' || levels.some((level) => level === name);
