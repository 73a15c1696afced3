import { accountFor } from '../accounts/change-account.js';
import type { FoundAccount } from '../accounts/find-account.js';
import { refuse } from '../errors.js';
import { recipientOf } from '../mail/recipient.js';
import type { Operation } from '../operation.js';
import { changesBetween } from '../security-events/field-changes.js';
import { record } from '../security-events/record.js';
import { unlock } from './attempts/lockout-counter.js';
import { RecoveryCode } from './second-factor/recovery-code.entity.js';
import { TwoFactor } from './second-factor/two-factor.entity.js';
import { TwoFactorChallenge } from './second-factor/two-factor-challenge.entity.js';

/**
 * Removes a second factor on behalf of the service's operator, for somebody who has lost it and their recovery codes. Lifts
 * locks as well, because such a person has tried codes. Sessions stay; the owner is told by mail.
 * @throws Refusal NOT_FOUND when the account has no second factor
 */
export async function resetTwoFactor(operation: Operation, { id: userId }: FoundAccount): Promise<void> {
  const { database, outbox, mails, clock } = operation.services;
  await database.transaction(async (tx) => {
    const { user: owner } = await accountFor(tx, operation, { userId, power: 'update' });
    const had = await tx.em.count(TwoFactor, { userId, confirmedAt: { $ne: null } });
    if (had === 0) throw refuse('NOT_FOUND', 'There is no second factor.');
    for (const entity of [TwoFactorChallenge, RecoveryCode, TwoFactor])
      await tx.em.nativeDelete<{ userId: string }>(entity, { userId });
    const lifted = await unlock(tx, userId, clock.now());
    const changes = { ...changesBetween({ twoFactorEnabled: true }, { twoFactorEnabled: false }), ...lifted };
    record(tx, operation, { type: 'TWO_FACTOR_DISABLED', subjectId: userId, details: { changes } });
    outbox.enqueue(tx, mails.write('two-factor-reset', recipientOf(owner), {}));
  });
}
