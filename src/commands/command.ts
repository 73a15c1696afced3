import { UnusableBackupError } from '../backup/backup-format.js';
import { ConfigError } from '../config.js';
import { isConnectionFailure } from '../database/connection-failure.js';
import { DataDirectoryInUseError } from '../database/embedded/embedded-postgres.js';
import { UnusableDatabaseError } from '../database/prepare-database.js';
import { Refusal } from '../errors.js';
import { mapStacks } from '../loading/load.js';
import { ShortSecretError } from '../operations/secret-file.js';
import { exitCodes } from './exit-codes.js';

export type { Environment } from '../environment/environment.js';

/**
 * Ends the process with exit code 1. Prints one line for an error that an operator can fix (for a wrong configuration one for
 * each fault), otherwise the stack trace.
 */
export function fail(error: unknown): never {
  mapStacks();
  process.stderr.write(`gatehouse: ${explain(error)}\n`);
  process.exit(exitCodes.failed);
}

/** The message that `fail` prints; exported for tests. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ConfigError) return error.message;
  if (error instanceof Refusal) return error.errors.map(({ message }) => message).join(' ');
  if (error instanceof DataDirectoryInUseError)
    return `${error.message}; stop it first, or set DATABASE_URL or DATA_DIR to work on another database.`;
  if (error instanceof UnusableDatabaseError || error instanceof UnusableBackupError) return error.message;
  if (error instanceof ShortSecretError)
    return `${error.message}. Restore it from a backup; delete it only if this service has never been used.`;
  return explainSystemError(error) ?? error.stack ?? error.message;
}

function explainSystemError(error: Error & { code?: unknown }): string | undefined {
  if (isConnectionFailure(error))
    return `the database does not answer at DATABASE_URL${error.code ? ` (${error.code})` : ''}.`;
  // SQLSTATE class 28: invalid authorization, that is, a wrong role or password.
  if (/^28/.test(String(error.code))) return 'the database refuses the user or the password of DATABASE_URL.';
  return undefined;
}
