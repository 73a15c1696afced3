import { ConfigError } from '../config.js';
import { isLocal } from '../config-values.js';
import type { Environment } from '../environment/environment.js';
import { administratorVariables } from '../environment/first-administrator.js';
import { isGiven, modeOf, withFiles, without } from '../environment/variables-from-files.js';

/** Folder of the demo's database, secret and mail; apart from the `.gatehouse` of `npm start`. */
const dataFolder = '.gatehouse-demo';

/** What the demo sets unless the operator does. */
const defaults = {
  DATA_DIR: dataFolder,
  /** Visitors sign in as one person after another, from one address. */
  RATE_LIMIT_LOGIN: '600/1m',
  /** The account that is locked at the first start stays so for a while. */
  LOCKOUT_DURATION: '4h',
};

/**
 * The environment of the demo: that of the shell, with a data folder of its own. Mail is written to files, because the people
 * are made up, and the administrator is one of them.
 * @throws ConfigError in production, and for a configured database: forty accounts would be added to it
 */
export function demoEnvironment(env: Environment): Environment {
  if (modeOf(env) === 'production') throw new ConfigError('NODE_ENV: --demo is not for production.');
  if (isGiven(env, 'DATABASE_URL'))
    throw new ConfigError('DATABASE_URL: --demo makes up people, so it only uses a database of its own; unset it.');
  const address = withFiles(env).values['PUBLIC_URL'];
  if (address && URL.canParse(address) && !isLocal(address))
    throw new ConfigError(
      'PUBLIC_URL: --demo lets everybody sign in as anybody, so it only runs under a local address.',
    );
  const missing = Object.entries(defaults).filter(([name]) => !isGiven(env, name));
  return { ...without(env, [...administratorVariables, 'SMTP_URL']), ...Object.fromEntries(missing) };
}
