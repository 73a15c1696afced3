import { refuse } from '../errors.js';
import { type Recipient, spokenColumns } from '../mail/recipient.js';
import { type Operation, requireSession } from '../operation.js';
import { passwordCounterOf } from './attempts/lockout-counter.js';
import { attemptPassword } from './attempts/password-attempt.js';

/** The account of a caller who has just proved its password. */
export interface Proved extends Recipient {
  readonly id: string;
  readonly username: string;
  /** The verified hash. A change that relies on it must check that it is still the current one. */
  readonly passwordHash: string;
}

const account = `
  select u.id, u.username, u.email, ${spokenColumns}, u.password_hash as "passwordHash" from users u where u.id = $1`;

/**
 * Asks a signed-in caller for the password again (re-authentication). Wrong passwords count and lock as in `login`.
 * @param field input field to name in errors
 * @throws Refusal INVALID_CREDENTIALS, also while locked; UNAUTHENTICATED; FORBIDDEN for an API token
 */
export async function provePassword(
  operation: Operation,
  password: string,
  field = 'currentPassword',
): Promise<Proved> {
  const { userId } = requireSession(operation);
  const owner = await operation.services.database.sql.row<Proved>(account, [userId]);
  const counter = passwordCounterOf(operation, userId);
  const proved = await attemptPassword(operation, { counter, account: owner, password }, async (found) => found);
  if (!proved) throw refuse('INVALID_CREDENTIALS', 'The password is wrong.', field);
  return proved;
}
