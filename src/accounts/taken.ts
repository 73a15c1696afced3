import { violatedConstraint } from '../database/connection-failure.js';
import { refuse } from '../errors.js';

/**
 * Converts the violation of a unique constraint to a refusal.
 * @throws Refusal USERNAME_TAKEN or EMAIL_TAKEN, otherwise the error itself
 */
export function refuseTaken(error: unknown): never {
  const constraint = violatedConstraint(error);
  if (constraint === 'users_username_unique') throw refuse('USERNAME_TAKEN', 'This username is taken.', 'username');
  if (constraint === 'users_email_unique') throw refuse('EMAIL_TAKEN', 'This e-mail address is taken.', 'email');
  throw error;
}
