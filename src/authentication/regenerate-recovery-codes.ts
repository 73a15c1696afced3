import type { Operation } from '../operation.js';
import { changesBetween } from '../security-events/field-changes.js';
import { record } from '../security-events/record.js';
import { provePassword } from './prove-password.js';
import { renewRecoveryCodes } from './second-factor/recovery-codes.js';
import { withCode } from './with-code.js';

/**
 * Replaces all recovery codes.
 * @returns the new codes, which are shown only once
 * @throws Refusal INVALID_CREDENTIALS; INVALID_CODE; INVALID_INPUT when no second factor is enabled
 */
export async function regenerateRecoveryCodes(
  operation: Operation,
  currentPassword: string,
  code: string,
): Promise<string[]> {
  const owner = await provePassword(operation, currentPassword);
  const { outbox, mails } = operation.services;
  return withCode(operation, owner, { code, method: null }, async (tx) => {
    outbox.enqueue(tx, mails.write('recovery-codes-regenerated', owner, {}));
    const { codes, unusedBefore } = await renewRecoveryCodes(tx, owner.id);
    const changes = changesBetween({ unusedRecoveryCodes: unusedBefore }, { unusedRecoveryCodes: codes.length });
    record(tx, operation, { type: 'RECOVERY_CODES_REGENERATED', subjectId: owner.id, details: { changes } });
    return codes;
  });
}
