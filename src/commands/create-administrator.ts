import { createUser } from '../accounts/create-user.js';
import { loadConfig } from '../config.js';
import { asSystem, withServices } from '../open-services.js';
import { randomToken } from '../secrets.js';
import type { Environment } from './command.js';
import { readPassword } from './read-password.js';

export interface NewAdministrator {
  readonly username: string;
  readonly email: string;
  /** Ask for the password instead of taking ADMIN_PASSWORD or making one. */
  readonly password?: boolean;
}

/**
 * Makes an account with the administrator flag, without opening a port.
 * @throws Refusal when the name, the address or the password will not do; DataDirectoryInUseError
 */
export async function createAdministrator(env: Environment, options: NewAdministrator): Promise<void> {
  // Here these name the new account, not the one that a service makes at its first start.
  const { ADMIN_USERNAME: _name, ADMIN_EMAIL: _email, ADMIN_PASSWORD: given, ...rest } = env;
  const config = loadConfig(rest);
  const chosen = options.password ? await readPassword('Password: ') : given || undefined;
  const password = chosen ?? randomToken();
  const account = { username: options.username, email: options.email, password, isAdmin: true };
  const { username } = await withServices(config, (services) => createUser(asSystem(services), account));
  process.stdout.write(`Administrator ${username} was created.\n`);
  // Straight to the terminal: a log is kept, and this is shown once.
  if (chosen === undefined) process.stdout.write(`Password: ${password}\nIt is not shown again.\n`);
}
