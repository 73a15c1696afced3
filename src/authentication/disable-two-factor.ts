import type { Operation } from '../operation.js';
import { record } from '../security-events/record.js';
import { provePassword } from './prove-password.js';
import { removeSecondFactor } from './second-factor/remove-second-factor.js';
import { withCode } from './with-code.js';

/**
 * Disables the second factor and deletes its recovery codes and open challenges.
 * @throws Refusal INVALID_CREDENTIALS; INVALID_CODE; INVALID_INPUT when no second factor is enabled
 */
export async function disableTwoFactor(operation: Operation, currentPassword: string, code: string): Promise<void> {
  const owner = await provePassword(operation, currentPassword);
  const { outbox, mails, principals } = operation.services;
  await withCode(operation, owner, { code, method: null }, async (tx) => {
    const changes = await removeSecondFactor(tx, owner.id);
    record(tx, operation, { type: 'TWO_FACTOR_DISABLED', subjectId: owner.id, details: { changes } });
    outbox.enqueue(tx, mails.write('two-factor-disabled', owner, {}));
  });
  principals.forgetUser(owner.id);
}
