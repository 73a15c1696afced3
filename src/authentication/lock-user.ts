import { givenReason } from '../accounts/given-reason.js';
import { accountForWithdrawal } from '../accounts/last-administrator.js';
import type { User } from '../accounts/user.entity.js';
import { after, days } from '../clock.js';
import type { Transaction } from '../database/transaction.js';
import { refuse } from '../errors.js';
import { recipientOf } from '../mail/recipient.js';
import type { Operation } from '../operation.js';
import { record } from '../security-events/record.js';
import { lockByAdministrator } from './administrative-lock.js';

export interface LockUser {
  readonly userId: string;
  readonly until: Date;
  /** Recorded in the audit trail. */
  readonly reason?: string | null | undefined;
}

/** In milliseconds from now. Whoever is to be kept out for longer is deactivated. */
const longestLock = days(366);

/**
 * Refuses the sign-ins of an account until an instant, on all devices, as a lockout does: with one answer for a right password
 * and a wrong one. Open sessions and API tokens stay. A second call moves the end.
 * @throws Refusal NOT_FOUND, INVALID_INPUT, OWN_ACCOUNT, ABOVE_OWN_LEVEL, LAST_ADMINISTRATOR; FORBIDDEN
 */
export async function lockUser(operation: Operation, { userId, until, ...input }: LockUser): Promise<User> {
  const reason = givenReason(input.reason);
  assertWithinBounds(until, operation.services.clock.now());
  return operation.services.database.transaction(async (tx) => {
    const user = await accountForWithdrawal(tx, operation, userId, 'lock');
    if (user.lockedByAdminUntil?.getTime() !== until.getTime()) await lock(tx, operation, user, { until, reason });
    return user;
  });
}

function assertWithinBounds(until: Date, now: Date): void {
  if (until <= now) throw refuse('INVALID_INPUT', 'The end of a lock must be in the future.', 'until');
  if (until > after(now, longestLock))
    throw refuse(
      'INVALID_INPUT',
      'A lock ends within 366 days. To keep somebody out longer, deactivate them.',
      'until',
    );
}

async function lock(
  tx: Transaction,
  operation: Operation,
  user: User,
  { until, reason }: { readonly until: Date; readonly reason: string | null },
): Promise<void> {
  const { clock, outbox, mails } = operation.services;
  const changes = await lockByAdministrator(tx, user, until, clock.now());
  record(tx, operation, {
    type: 'ACCOUNT_LOCKED',
    subjectId: user.id,
    details: { until: until.toISOString(), reason, changes },
  });
  outbox.enqueue(tx, mails.write('locked-by-administrator', recipientOf(user), { until }));
}
