import type { RoleCatalogue } from './access/role-catalogue.js';
import type { SearchIndex } from './accounts/search-index.js';
import type { GivenBackAttempts } from './authentication/given-back-attempts.js';
import type { LastUses } from './authentication/last-uses.js';
import type { Passwords } from './authentication/passwords.js';
import type { Principals } from './authentication/principals.js';
import type { Turns } from './authentication/turns.js';
import type { Clock } from './clock.js';
import type { Config } from './config.js';
import type { PublicPosts } from './content/public-posts.js';
import type { Statistics } from './content/statistics.js';
import type { Database } from './database/database.js';
import type { Echo } from './database/echo.js';
import type { Signals } from './database/signals.js';
import type { Outbox } from './mail/outbox.js';
import type { Logger } from './operations/logging.js';
import type { SecretBox } from './secrets.js';
import type { AccessTokens } from './sessions/access-tokens.js';
import type { SigningKeys } from './sessions/signing-keys.js';

/** The parts one running service is made of. app.ts puts them together; use-cases receive them and import none. */
export interface Services {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly database: Database;
  readonly signals: Signals;
  readonly echo: Echo;
  readonly secrets: SecretBox;
  readonly signingKeys: SigningKeys;
  readonly accessTokens: AccessTokens;
  readonly passwords: Passwords;
  readonly principals: Principals;
  readonly lastUses: LastUses;
  /** Attempts on one account are made one after another. */
  readonly attempts: Turns;
  readonly attemptsGivenBack: GivenBackAttempts;
  readonly roleCatalogue: RoleCatalogue;
  readonly searchIndex: SearchIndex;
  readonly publicPosts: PublicPosts;
  readonly statistics: Statistics;
  readonly outbox: Outbox;
  /** Where people reach the service: the root of mailed links. No trailing slash. */
  readonly publicUrl: () => string;
}
