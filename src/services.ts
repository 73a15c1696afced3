import type { Clock } from './clock.js';
import type { Config } from './config.js';
import type { Database } from './database/database.js';
import type { Echo } from './database/echo.js';
import type { Signals } from './database/signals.js';
import type { Logger } from './operations/logging.js';
import type { SecretBox } from './secrets.js';

/**
 * The services of one process, which use-cases receive. Capabilities add theirs with `declare module` where they are
 * defined; open-services.ts creates them all.
 */
export interface Services {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly database: Database;
  readonly signals: Signals;
  readonly echo: Echo;
  readonly secrets: SecretBox;
  /** Base URL of the service, for mailed links; without a trailing slash. */
  readonly publicUrl: () => string;
}
