import { recoveryCodesRegeneratedMail } from '../mail/two-factor-mails.js';
import type { Operation } from '../operation.js';
import { record } from '../security-events/record.js';
import { provePassword } from './prove-password.js';
import { renewRecoveryCodes } from './second-factor/recovery-codes.js';
import { withCode } from './with-code.js';

/**
 * Makes new recovery codes; all older ones are dead.
 * @returns them, which are shown this once
 * @throws Refusal INVALID_CREDENTIALS; INVALID_CODE; INVALID_INPUT where there is no second factor
 */
export async function regenerateRecoveryCodes(
  operation: Operation,
  currentPassword: string,
  code: string,
): Promise<string[]> {
  const owner = await provePassword(operation, currentPassword);
  const { outbox, publicUrl } = operation.services;
  return withCode(operation, owner, code, async (em) => {
    record(em, operation, { type: 'RECOVERY_CODES_REGENERATED', subjectId: owner.id });
    outbox.enqueue(em, recoveryCodesRegeneratedMail(owner.email, owner.username, publicUrl()));
    return renewRecoveryCodes(em, owner.id);
  });
}
