import { accountFor } from '../accounts/change-account.js';
import type { User } from '../accounts/user.entity.js';
import type { Operation } from '../operation.js';
import { record } from '../security-events/record.js';
import { liftEveryLock } from './administrative-lock.js';

/**
 * Lifts every lock of an account, on all its devices: by wrong attempts, and by an administrator.
 * @throws Refusal NOT_FOUND, ABOVE_OWN_LEVEL; FORBIDDEN
 */
export async function unlockUser(operation: Operation, userId: string): Promise<User> {
  const { database, clock } = operation.services;
  return database.transaction(async (tx) => {
    const { user } = await accountFor(tx, operation, { userId, power: 'unlock' });
    const changes = await liftEveryLock(tx, user, clock.now());
    if (changes) record(tx, operation, { type: 'ACCOUNT_UNLOCKED', subjectId: user.id, details: { changes } });
    return user;
  });
}
