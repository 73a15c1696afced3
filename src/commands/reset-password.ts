import { resetPasswordByOperator } from '../authentication/reset-password-by-operator.js';
import { loadConfig } from '../config.js';
import { asOperator, withServices } from '../open-services.js';
import { randomToken } from '../secrets.js';
import type { Environment } from './command.js';
import type { Output } from './output.js';
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
  { username, ...options }: PasswordSource & { readonly username: string },
  output: Output,
): Promise<void> {
  const config = loadConfig(env);
  const chosen = options.password ? await readPassword('New password: ') : undefined;
  const newPassword = chosen ?? randomToken();
  const user = await withServices(config, (services) =>
    resetPasswordByOperator(asOperator(services), { username, newPassword }),
  );
  // Written to the terminal only: logs are kept, and the password must be shown just once.
  const shown = chosen === undefined ? { password: newPassword } : undefined;
  const once = shown ? `\nPassword: ${newPassword}\nIt is not shown again.` : '';
  output.print(
    { id: user.id, username: user.username, ...shown },
    `The password of ${user.username} was changed; sessions and API tokens have ended.${once}`,
  );
}
