import { grantSystemRole, revokeSystemRole } from '../access/grants.js';
import type { Transaction } from '../database/transaction.js';
import type { Operation } from '../operation.js';
import { changesBetween } from '../security-events/field-changes.js';
import { record } from '../security-events/record.js';
import { accountFor } from './change-account.js';
import { accountForWithdrawal } from './last-administrator.js';
import type { User } from './user.entity.js';

export interface SetAdministrator {
  readonly userId: string;
  readonly isAdmin: boolean;
}

/**
 * Sets the administrator flag and grants or revokes the system role `admin`.
 * @throws Refusal NOT_FOUND, OWN_ACCOUNT (for removing one's own flag), ABOVE_OWN_LEVEL, LAST_ADMINISTRATOR, and
 * REAUTHENTICATION_REQUIRED (for giving it); FORBIDDEN
 */
export async function setAdministrator(operation: Operation, { userId, isAdmin }: SetAdministrator): Promise<User> {
  const { database, principals } = operation.services;
  const user = await database.transaction(async (tx) => {
    const found = isAdmin
      ? (await accountFor(tx, operation, { userId, power: 'makeAdministrator' })).user
      : await accountForWithdrawal(tx, operation, userId, 'unmakeAdministrator');
    if (found.isAdmin !== isAdmin) await setFlag(tx, operation, found, isAdmin);
    return found;
  });
  principals.forgetUser(user.id);
  return user;
}

async function setFlag(tx: Transaction, operation: Operation, user: User, isAdmin: boolean): Promise<void> {
  const now = operation.services.clock.now();
  const changes = changesBetween({ isAdmin: user.isAdmin }, { isAdmin });
  user.isAdmin = isAdmin;
  const role = isAdmin
    ? await grantSystemRole(tx, user.id, 'admin', now)
    : await revokeSystemRole(tx, user.id, 'admin', { revokedAt: now, revokedById: operation.caller?.userId ?? null });
  record(tx, operation, {
    type: 'USER_UPDATED',
    subjectId: user.id,
    details: { fields: ['isAdmin'], isAdmin, changes },
  });
  const type = isAdmin ? 'ROLE_GRANTED' : 'ROLE_REVOKED';
  record(tx, operation, { type, subjectId: user.id, details: { roleId: role.id, role: role.name } });
}
