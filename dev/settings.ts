import type { Environment } from '../src/environment/environment.js';
import { administratorVariables } from '../src/environment/first-administrator.js';
import { isGiven, modeOf, without } from '../src/environment/variables-from-files.js';

/** Folder of the development database, secret and mail; apart from the `.gatehouse` of `npm start`. */
const dataFolder = '.gatehouse-dev';

/**
 * The environment of the development service: that of the shell, with a data folder of its own.
 * @throws for a production environment or a configured database: the seeded accounts, one of them an administrator, would
 *   be added to it
 */
export function developmentEnvironment(env: Environment): Environment {
  if (modeOf(env) === 'production') throw new Error('NODE_ENV is production; npm run dev is for development only.');
  if (isGiven(env, 'DATABASE_URL'))
    throw new Error('DATABASE_URL is set; npm run dev adds accounts, so it only uses a database of its own. Unset it.');
  // The administrator is one of the seeded people.
  const rest = without(env, administratorVariables);
  return isGiven(env, 'DATA_DIR') ? rest : { ...rest, DATA_DIR: dataFolder };
}
