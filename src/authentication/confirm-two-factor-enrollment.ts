import { after, minutes } from '../clock.js';
import { type Recipient, spokenColumns } from '../mail/recipient.js';
import { type Operation, requireSession } from '../operation.js';
import { changesBetween } from '../security-events/field-changes.js';
import { record } from '../security-events/record.js';
import { codeCounterOf } from './attempts/lockout-counter.js';
import { attempt } from './attempts/login-attempts.js';
import { holdAccount } from './hold-account.js';
import { renewRecoveryCodes } from './second-factor/recovery-codes.js';
import { openSecret } from './second-factor/sealed-secret.js';
import { acceptedStep, totpCodeOf } from './second-factor/totp.js';
import { TwoFactor } from './second-factor/two-factor.entity.js';
import { wrongCode } from './with-code.js';

/** In milliseconds. The password was proved when the enrolment began; that proof expires after this time. */
export const enrollmentLifetime = minutes(15);

interface Pending extends Recipient {
  readonly id: string;
  readonly sealed: Buffer;
}

const pending = `
  select u.id, u.username, u.email, ${spokenColumns}, f.sealed_secret as sealed
  from two_factors f join users u on u.id = f.user_id
  where f.user_id = $1 and f.confirmed_at is null and f.created_at > $2`;

/**
 * Enables the second factor with the first code of the authenticator. Open sessions stay open, because the owner signed
 * in to them and can end the others (ASVS 5.0, 7.4.3).
 * @returns the recovery codes, which are shown only once
 * @throws Refusal INVALID_CODE, also while locked and when no enrolment is pending
 */
export async function confirmTwoFactorEnrollment(operation: Operation, code: string): Promise<string[]> {
  const { userId } = requireSession(operation);
  const { database, clock } = operation.services;
  const begun = await database.sql.row<Pending>(pending, [userId, after(clock.now(), -enrollmentLifetime)]);
  if (!begun) throw wrongCode();
  const counter = codeCounterOf(operation, userId, null);
  const codes = await attempt(operation, { counter, owner: begun }, async ({ isOpen }) => {
    const step = stepOf(operation, begun, code);
    return isOpen && step !== undefined ? switchOn(operation, begun, step) : undefined;
  });
  if (!codes) throw wrongCode();
  operation.services.principals.forgetUser(userId);
  return codes;
}

function stepOf({ services }: Operation, { id, sealed }: Pending, typed: string): number | undefined {
  const code = totpCodeOf(typed);
  return code === undefined
    ? undefined
    : acceptedStep(openSecret(services.secrets, sealed, id), code, services.clock.now(), 0);
}

/** @returns undefined if another call was faster or the secret was replaced */
async function switchOn(operation: Operation, owner: Pending, step: number): Promise<string[] | undefined> {
  const { database, clock, outbox, mails } = operation.services;
  return database.transaction(async (tx) => {
    await holdAccount(tx, operation, null);
    const confirmed = await tx.em.nativeUpdate(
      TwoFactor,
      { userId: owner.id, sealedSecret: owner.sealed, confirmedAt: null },
      { confirmedAt: clock.now(), lastStep: step },
    );
    if (confirmed === 0) return undefined;
    const changes = changesBetween({ twoFactorEnabled: false }, { twoFactorEnabled: true });
    record(tx, operation, { type: 'TWO_FACTOR_ENABLED', subjectId: owner.id, details: { changes } });
    outbox.enqueue(tx, mails.write('two-factor-enabled', owner, {}));
    return (await renewRecoveryCodes(tx, owner.id)).codes;
  });
}
