import { resetPasswordByOperator } from '../authentication/reset-password-by-operator.js';
import { loadConfig } from '../config.js';
import { asSystem, withServices } from '../open-services.js';
import { randomToken } from '../secrets.js';
import type { Environment } from './command.js';
import { readPassword } from './read-password.js';

export interface PasswordSource {
  /** Ask for the password instead of making one. */
  readonly password?: boolean;
}

/**
 * Gives an administrator another password, also beside a running service.
 * @throws Refusal when nobody has the name or the password will not do; DataDirectoryInUseError
 */
export async function resetAdministratorsPassword(
  env: Environment,
  username: string,
  options: PasswordSource,
): Promise<void> {
  const config = loadConfig(env);
  const chosen = options.password ? await readPassword('New password: ') : undefined;
  const newPassword = chosen ?? randomToken();
  const user = await withServices(config, (services) =>
    resetPasswordByOperator(asSystem(services), { username, newPassword }),
  );
  process.stdout.write(`The password of ${user.username} was changed; sessions and API tokens have ended.\n`);
  // Straight to the terminal: a log is kept, and this is shown once.
  if (chosen === undefined) process.stdout.write(`Password: ${newPassword}\nIt is not shown again.\n`);
}
