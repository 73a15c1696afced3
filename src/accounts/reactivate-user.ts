import type { Operation } from '../operation.js';
import { changesBetween } from '../security-events/field-changes.js';
import { record } from '../security-events/record.js';
import { accountFor } from './change-account.js';
import type { User } from './user.entity.js';

/**
 * Lets a deactivated account sign in again; its sessions stay ended.
 * @throws Refusal NOT_FOUND, ABOVE_OWN_LEVEL; FORBIDDEN
 */
export async function reactivateUser(operation: Operation, userId: string): Promise<User> {
  const { database, principals } = operation.services;
  const user = await database.transaction(async (tx) => {
    const { user: found } = await accountFor(tx, operation, { userId, power: 'reactivate' });
    const changes = changesBetween({ isActive: found.isActive }, { isActive: true });
    if (!found.isActive) record(tx, operation, { type: 'USER_REACTIVATED', subjectId: found.id, details: { changes } });
    found.isActive = true;
    return found;
  });
  principals.forgetUser(user.id);
  return user;
}
