import type { Environment } from '../src/commands/command.js';

/** Folder of the development database, secret and mail; apart from the `.gatehouse` of `npm start`. */
const dataFolder = '.gatehouse-dev';

/**
 * The environment of the development service: that of the shell, with a data folder of its own.
 * @throws for a production environment or a configured database: the seeded accounts, one of them an administrator, would
 *   be added to it
 */
export function developmentEnvironment(env: Environment): Environment {
  if (env['NODE_ENV'] === 'production') throw new Error('NODE_ENV is production; npm run dev is for development only.');
  if (env['DATABASE_URL'])
    throw new Error('DATABASE_URL is set; npm run dev adds accounts, so it only uses a database of its own. Unset it.');
  // The administrator is one of the seeded people.
  const { ADMIN_USERNAME: _name, ADMIN_EMAIL: _email, ADMIN_PASSWORD: _password, ...rest } = env;
  return { ...rest, DATA_DIR: env['DATA_DIR'] || dataFolder };
}
