import type { Operation } from '../operation.js';
import { changesBetween } from '../security-events/field-changes.js';
import { record } from '../security-events/record.js';
import { provePassword } from './prove-password.js';
import { RecoveryCode } from './second-factor/recovery-code.entity.js';
import { TwoFactor } from './second-factor/two-factor.entity.js';
import { TwoFactorChallenge } from './second-factor/two-factor-challenge.entity.js';
import { withCode } from './with-code.js';

/**
 * Disables the second factor and deletes its recovery codes and open challenges.
 * @throws Refusal INVALID_CREDENTIALS; INVALID_CODE; INVALID_INPUT when no second factor is enabled
 */
export async function disableTwoFactor(operation: Operation, currentPassword: string, code: string): Promise<void> {
  const owner = await provePassword(operation, currentPassword);
  const { outbox, mails } = operation.services;
  await withCode(operation, owner, code, async (tx) => {
    for (const entity of [TwoFactorChallenge, RecoveryCode, TwoFactor])
      await tx.em.nativeDelete<{ userId: string }>(entity, { userId: owner.id });
    const changes = changesBetween({ twoFactorEnabled: true }, { twoFactorEnabled: false });
    record(tx, operation, { type: 'TWO_FACTOR_DISABLED', subjectId: owner.id, details: { changes } });
    outbox.enqueue(tx, mails.write('two-factor-disabled', owner, {}));
  });
}
