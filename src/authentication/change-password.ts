import type { User } from '../accounts/user.entity.js';
import { revokeApiTokens } from '../api-tokens/revoke-api-tokens.js';
import { Refusal, refuse } from '../errors.js';
import { type Operation, requireSession } from '../operation.js';
import { record } from '../security-events/record.js';
import { provePassword } from './prove-password.js';
import { setPassword } from './set-password.js';

interface PasswordChange {
  readonly currentPassword: string;
  readonly newPassword: string;
  /** Unless true, the account's API tokens are revoked. */
  readonly keepApiTokens?: boolean | null | undefined;
}

/**
 * Changes the caller's password and ends all other sessions. It also revokes API tokens, unless they are to be kept:
 * one created from a stolen session would outlive that session.
 * @throws Refusal INVALID_CREDENTIALS (also while locked), INVALID_INPUT, PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG,
 * PASSWORD_TOO_WEAK; UNAUTHENTICATED; FORBIDDEN for an API token
 */
export async function changePassword(
  operation: Operation,
  { currentPassword, newPassword, keepApiTokens }: PasswordChange,
): Promise<User> {
  const { database, passwords, principals } = operation.services;
  const { sessionId } = requireSession(operation);
  const account = await provePassword(operation, currentPassword);
  if (newPassword === currentPassword) throw refuse('INVALID_INPUT', 'This is the password you have.', 'newPassword');
  const errors = await passwords.check(newPassword, account, 'newPassword');
  if (errors.length > 0) throw new Refusal(errors);
  const hash = await passwords.hash(newPassword, account.id);
  const user = await database.transaction(async (tx) => {
    const terms = { hash, instead: account.passwordHash, reason: 'PASSWORD_CHANGED', except: sessionId } as const;
    const { user: changed, changes } = await setPassword(tx, operation, account.id, terms);
    if (!keepApiTokens) await revokeApiTokens(tx, operation, account.id);
    record(tx, operation, { type: 'PASSWORD_CHANGED', subjectId: account.id, details: { changes } });
    return changed;
  });
  principals.forgetUser(user.id);
  return user;
}
