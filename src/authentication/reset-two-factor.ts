import { accountFor } from '../accounts/change-account.js';
import type { FoundAccount } from '../accounts/find-account.js';
import { refuse } from '../errors.js';
import { recipientOf } from '../mail/recipient.js';
import type { Operation } from '../operation.js';
import { record } from '../security-events/record.js';
import { unlock } from './attempts/lockout-counter.js';
import { removeSecondFactor } from './second-factor/remove-second-factor.js';
import { TwoFactor } from './second-factor/two-factor.entity.js';

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
    const changes = { ...(await removeSecondFactor(tx, userId)), ...(await unlock(tx, userId, clock.now())) };
    record(tx, operation, { type: 'TWO_FACTOR_DISABLED', subjectId: userId, details: { changes } });
    outbox.enqueue(tx, mails.write('two-factor-reset', recipientOf(owner), {}));
  });
}
