import { createUser } from '../accounts/create-user.js';
import { ConfigError, loadConfig } from '../config.js';
import { administratorVariables } from '../environment/first-administrator.js';
import { withFiles, without } from '../environment/variables-from-files.js';
import { asOperator, withServices } from '../open-services.js';
import { randomToken } from '../secrets.js';
import type { Environment } from './command.js';
import type { Output } from './output.js';
import { readPassword } from './read-password.js';

export interface NewAdministrator {
  readonly username: string;
  readonly email: string;
  /** Prompts for the password instead of taking ADMIN_PASSWORD or generating one. */
  readonly password?: boolean;
}

/**
 * Creates an account with the administrator flag, without starting the HTTP server.
 * @throws Refusal for an invalid or taken name, address or password; DataDirectoryInUseError
 */
export async function createAdministrator(env: Environment, options: NewAdministrator, output: Output): Promise<void> {
  // For this command the variables describe the new account, not the administrator of a first start.
  const config = loadConfig(without(env, administratorVariables));
  const chosen = options.password ? await readPassword('Password: ') : passwordIn(env);
  const password = chosen ?? randomToken();
  const account = { username: options.username, email: options.email, password, isAdmin: true };
  const { id, username } = await withServices(config, (services) => createUser(asOperator(services), account));
  // Written to the terminal only: logs are kept, and the password must be shown just once.
  const shown = chosen === undefined ? { password } : undefined;
  const once = shown ? `\nPassword: ${password}\nIt is not shown again.` : '';
  output.print({ id, username, ...shown }, `Administrator ${username} was created.${once}`);
}

function passwordIn({ ADMIN_PASSWORD, ADMIN_PASSWORD_FILE }: Environment): string | undefined {
  const { values, faults } = withFiles({ ADMIN_PASSWORD, ADMIN_PASSWORD_FILE });
  if (faults.length > 0) throw ConfigError.of(faults);
  return values['ADMIN_PASSWORD'] || undefined;
}
