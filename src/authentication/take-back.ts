import { dropTokens, issueToken } from '../accounts/mailed-tokens.js';
import { User } from '../accounts/user.entity.js';
import { revokeApiTokens } from '../api-tokens/revoke-api-tokens.js';
import type { Transaction } from '../database/transaction.js';
import { recipientOf } from '../mail/recipient.js';
import type { Operation } from '../operation.js';
import { changesBetween, type FieldChanges } from '../security-events/field-changes.js';
import { record } from '../security-events/record.js';
import { endSessions } from '../sessions/end-sessions.js';
import type { SessionEnd } from '../sessions/session.entity.js';
import { noPassword } from './passwords/no-password.js';
import { RecoveryCode } from './second-factor/recovery-code.entity.js';
import { TwoFactor } from './second-factor/two-factor.entity.js';
import { TwoFactorChallenge } from './second-factor/two-factor-challenge.entity.js';

// Used when the owner of a mailbox takes an account back from somebody who knows its password.

/**
 * Removes all access to an account: password, sessions, API tokens, challenges, mailed links, and a second factor that
 * was enrolled since an instant. The caller must have locked the account's row.
 * @param since absent: the second factor is removed whenever it was enrolled
 * @returns what an event tells of it: `hasPassword`
 */
export async function shutOut(
  tx: Transaction,
  operation: Operation,
  { id: userId }: User,
  reason: SessionEnd,
  since?: Date,
): Promise<FieldChanges> {
  const had = await tx.em.nativeUpdate(
    User,
    { id: userId, passwordHash: { $ne: noPassword } },
    { passwordHash: noPassword },
  );
  await dropTokens(tx, userId, ['verify-email', 'confirm-email-change', 'reset-password']);
  await tx.em.nativeDelete(TwoFactorChallenge, { userId });
  await removeSecondFactor(tx, operation, userId, since);
  await endSessions(tx, operation, userId, reason);
  await revokeApiTokens(tx, operation, userId);
  return changesBetween({ hasPassword: had > 0 }, { hasPassword: false });
}

const enrolled = `
  delete from two_factors where user_id = $1 and coalesce(confirmed_at, created_at) >= $2
  returning confirmed_at as "confirmedAt"`;

async function removeSecondFactor(
  tx: Transaction,
  operation: Operation,
  userId: string,
  since = new Date(0),
): Promise<void> {
  const factor = await tx.row<Pick<TwoFactor, 'confirmedAt'>>(enrolled, [userId, since]);
  if (!factor) return;
  await tx.em.nativeDelete(RecoveryCode, { userId });
  if (!factor.confirmedAt) return;
  const changes = changesBetween({ twoFactorEnabled: true }, { twoFactorEnabled: false });
  record(tx, operation, { type: 'TWO_FACTOR_DISABLED', subjectId: userId, actorId: userId, details: { changes } });
}

/** Mails a link to set a new password. It is valid as long as a link that verifies an address. */
export async function mailResetLink(
  tx: Transaction,
  operation: Operation,
  user: User,
  kind: 'registration-disowned' | 'email-change-undone',
): Promise<void> {
  const { outbox, mails, config } = operation.services;
  const lifetime = config.lifetimes.verification;
  const token = await issueToken(tx, operation, user, { purpose: 'reset-password', lifetime });
  outbox.enqueue(tx, mails.write(kind, recipientOf(user), { reset: { token, lifetime } }));
}
