import type { EntityManager } from '@mikro-orm/postgresql';
import { grantSystemRole, revokeSystemRole } from '../access/grants.js';
import { type Operation, signedIn } from '../operation.js';
import { record } from '../security-events/record.js';
import { assertNotOwn, lockAccount } from './change-account.js';
import { lockForWithdrawal } from './last-administrator.js';
import type { User } from './user.entity.js';

export interface SetAdministrator {
  readonly userId: string;
  readonly isAdmin: boolean;
}

/**
 * Sets the administrator flag, and with it the system role.
 * @throws Refusal NOT_FOUND, OWN_ACCOUNT (to lay it down), LAST_ADMINISTRATOR
 */
export async function setAdministrator(operation: Operation, { userId, isAdmin }: SetAdministrator): Promise<User> {
  if (!isAdmin) assertNotOwn(operation, userId);
  const { database, principals } = operation.services;
  const user = await database.transaction(async (em) => {
    const found = isAdmin ? await lockAccount(em, userId) : await lockForWithdrawal(em, operation, userId);
    if (found.isAdmin !== isAdmin) await setFlag(em, operation, found, isAdmin);
    return found;
  });
  principals.forgetUser(user.id);
  return user;
}

async function setFlag(em: EntityManager, operation: Operation, user: User, isAdmin: boolean): Promise<void> {
  const now = operation.services.clock.now();
  user.isAdmin = isAdmin;
  const role = isAdmin
    ? await grantSystemRole(em, user.id, 'admin', now)
    : await revokeSystemRole(em, user.id, 'admin', { revokedAt: now, revokedById: signedIn(operation).userId });
  record(em, operation, { type: 'USER_UPDATED', subjectId: user.id, details: { fields: ['isAdmin'], isAdmin } });
  const type = isAdmin ? 'ROLE_GRANTED' : 'ROLE_REVOKED';
  record(em, operation, { type, subjectId: user.id, details: { roleId: role.id, role: role.name } });
}
