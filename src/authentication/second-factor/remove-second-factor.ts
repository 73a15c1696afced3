import type { Transaction } from '../../database/transaction.js';
import { changesBetween, type FieldChanges } from '../../security-events/field-changes.js';
import { RecoveryCode } from './recovery-code.entity.js';
import { TwoFactor } from './two-factor.entity.js';
import { TwoFactorChallenge } from './two-factor-challenge.entity.js';

/**
 * Deletes a confirmed second factor with its recovery codes and open challenges. The caller must have locked the account.
 * @returns what an event tells of it
 */
export async function removeSecondFactor(tx: Transaction, userId: string): Promise<FieldChanges> {
  for (const entity of [TwoFactorChallenge, RecoveryCode, TwoFactor])
    await tx.em.nativeDelete<{ userId: string }>(entity, { userId });
  return changesBetween({ twoFactorEnabled: true }, { twoFactorEnabled: false });
}
