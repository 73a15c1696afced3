import type { Transaction } from '../database/transaction.js';
import type { Operation } from '../operation.js';
import { changesBetween } from '../security-events/field-changes.js';
import { record } from '../security-events/record.js';
import { endSessions } from '../sessions/end-sessions.js';
import { givenReason } from './given-reason.js';
import { accountForWithdrawal } from './last-administrator.js';
import type { User } from './user.entity.js';

export interface DeactivateUser {
  readonly userId: string;
  /** Recorded in the audit trail. */
  readonly reason?: string | null | undefined;
}

/**
 * Ends every session of an account and prevents sign-ins until it is reactivated.
 * @throws Refusal NOT_FOUND, INVALID_INPUT, OWN_ACCOUNT, ABOVE_OWN_LEVEL, LAST_ADMINISTRATOR; FORBIDDEN
 */
export async function deactivateUser(operation: Operation, input: DeactivateUser): Promise<User> {
  const reason = givenReason(input.reason);
  const { database, principals } = operation.services;
  const user = await database.transaction(async (tx) => {
    const found = await accountForWithdrawal(tx, operation, input.userId, 'deactivate');
    if (found.isActive) await deactivate(tx, operation, found, reason);
    return found;
  });
  principals.forgetUser(user.id);
  return user;
}

async function deactivate(tx: Transaction, operation: Operation, user: User, reason: string | null): Promise<void> {
  const changes = changesBetween({ isActive: user.isActive }, { isActive: false });
  user.isActive = false;
  record(tx, operation, { type: 'USER_DEACTIVATED', subjectId: user.id, details: { reason, changes } });
  await endSessions(tx, operation, user.id, 'DEACTIVATED');
  // An unfinished sign-in must not be completed after a reactivation.
  await tx.rows('delete from two_factor_challenges where user_id = $1', [user.id]);
}
