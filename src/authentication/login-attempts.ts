import type { Operation } from '../operation.js';
import { record } from '../security-events/record.js';

/**
 * Puts a failed sign-in on record, in a transaction of its own: it must survive whatever the answer
 * undoes. What was typed is not kept, since people type passwords into the wrong field.
 */
export async function recordFailure(
  operation: Operation,
  userId: string | undefined,
  passwordProved: boolean,
): Promise<void> {
  await operation.services.database.transaction(async (em) => {
    record(em, operation, { type: 'LOGIN_FAILED', subjectId: userId, details: { passwordProved } });
  });
}
