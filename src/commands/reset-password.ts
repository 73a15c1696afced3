import { resetPasswordByOperator } from '../authentication/reset-password-by-operator.js';
import { loadConfig } from '../config.js';
import { asOperator, withServices } from '../open-services.js';
import { randomToken } from '../secrets.js';
import type { Environment } from './command.js';
import { readPassword } from './read-password.js';

export interface PasswordSource {
  /** Prompts for the password instead of generating one. */
  readonly password?: boolean;
}

/**
 * Sets a new password for an administrator; works while the service is running.
 * @throws Refusal for an unknown name or an unacceptable password; DataDirectoryInUseError
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
    resetPasswordByOperator(asOperator(services), { username, newPassword }),
  );
  process.stdout.write(`The password of ${user.username} was changed; sessions and API tokens have ended.\n`);
  // Written to the terminal only: logs are kept, and the password must be shown just once.
  if (chosen === undefined) process.stdout.write(`Password: ${newPassword}\nIt is not shown again.\n`);
}
