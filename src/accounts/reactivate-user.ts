import type { Operation } from '../operation.js';
import { record } from '../security-events/record.js';
import { lockAccount } from './change-account.js';
import type { User } from './user.entity.js';

/** Lets a deactivated account sign in again; its sessions stay ended. @throws Refusal NOT_FOUND */
export async function reactivateUser(operation: Operation, userId: string): Promise<User> {
  const { database, principals } = operation.services;
  const user = await database.transaction(async (em) => {
    const found = await lockAccount(em, userId);
    if (!found.isActive) record(em, operation, { type: 'USER_REACTIVATED', subjectId: found.id });
    found.isActive = true;
    return found;
  });
  principals.forgetUser(user.id);
  return user;
}
