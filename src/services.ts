import type { Clock } from './clock.js';
import type { Config } from './config.js';
import type { Database } from './database/database.js';
import type { Echo } from './database/echo.js';
import type { Signals } from './database/signals.js';
import type { Logger } from './operations/logging.js';
import type { SecretBox } from './secrets.js';

/**
 * The parts one running service is made of, which use-cases are handed. Each capability adds its own where it is defined, by
 * `declare module`; open-services.ts makes them all.
 */
export interface Services {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly database: Database;
  readonly signals: Signals;
  readonly echo: Echo;
  readonly secrets: SecretBox;
  /** Where people reach the service: the root of mailed links. No trailing slash. */
  readonly publicUrl: () => string;
}
