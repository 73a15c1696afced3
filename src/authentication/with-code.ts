import type { Transaction } from '../database/transaction.js';
import { type Refusal, refuse } from '../errors.js';
import type { Operation } from '../operation.js';
import { record } from '../security-events/record.js';
import { codeCounterOf } from './attempts/lockout-counter.js';
import { attempt } from './attempts/login-attempts.js';
import { holdAccount } from './hold-account.js';
import type { Proved } from './prove-password.js';
import { codeUse, type MatchedCode, matchCode, TwoFactorMethod, takeCode } from './second-factor/second-factor-code.js';

export const wrongCode = (): Refusal => refuse('INVALID_CODE', 'The code is wrong, used or too old.', 'code');

const confirmed =
  'select sealed_secret as authenticator from two_factors where user_id = $1 and confirmed_at is not null';

/**
 * Asks a signed-in caller who has proved the password for a code of the second factor. The work runs in the transaction
 * that uses the code up, so that either both happen or neither. Wrong codes count and lock as at sign-in.
 * @throws Refusal INVALID_CODE, also while locked; INVALID_INPUT when no second factor is enabled; UNAUTHENTICATED
 */
export async function withCode<T>(
  operation: Operation,
  owner: Proved,
  code: string,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const { database } = operation.services;
  const factor = await database.sql.row<{ authenticator: Buffer }>(confirmed, [owner.id]);
  if (!factor) throw refuse('INVALID_INPUT', 'There is no second factor.');
  const counter = codeCounterOf(operation, owner.id, factor.authenticator);
  const done = await attempt(operation, { counter, owner }, async ({ isOpen }) => {
    const matched = await matchCode(operation, owner.id, { code, method: null });
    if (!isOpen || !matched) return undefined;
    return database.transaction(async (tx) => {
      await holdAccount(tx, operation, owner.passwordHash);
      if (!(await takeCode(tx, owner.id, matched, operation.services.clock.now()))) return undefined;
      recordUse(tx, operation, matched);
      return { result: await work(tx) };
    });
  });
  if (!done) throw wrongCode();
  return done.result;
}

function recordUse(tx: Transaction, operation: Operation, code: MatchedCode): void {
  if (code.method !== TwoFactorMethod.RECOVERY_CODE) return;
  const details = { changes: codeUse(code.unused) };
  record(tx, operation, { type: 'RECOVERY_CODE_USED', subjectId: operation.caller?.userId, details });
}
