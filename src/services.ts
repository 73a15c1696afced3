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
  /** In the demo alone: whom visitors may sign in as. */
  readonly demoPeople?: readonly DemoPerson[];
}

/** Somebody in the demo, as of the start of the service. */
export interface DemoPerson {
  readonly username: string;
  readonly fullName: string;
  readonly password: string;
  /** Names of the roles held, without `user`; the highest level first. */
  readonly roles: readonly string[];
  /** A sentence that says what to try as this person; empty for most. */
  readonly tryThis: string;
}
