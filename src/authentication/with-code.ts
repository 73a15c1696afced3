import type { Transaction } from '../database/transaction.js';
import { type Refusal, refuse } from '../errors.js';
import type { Recipient } from '../mail/recipient.js';
import type { Operation } from '../operation.js';
import { record } from '../security-events/record.js';
import { codeCounterOf } from './attempts/lockout-counter.js';
import { attempt } from './attempts/login-attempts.js';
import { holdAccount } from './hold-account.js';
import {
  codeUse,
  type MatchedCode,
  matchCode,
  TwoFactorMethod,
  type TypedCode,
  takeCode,
} from './second-factor/second-factor-code.js';

export const wrongCode = (): Refusal => refuse('INVALID_CODE', 'The code is wrong, used or too old.', 'code');

const confirmed =
  'select sealed_secret as authenticator from two_factors where user_id = $1 and confirmed_at is not null';

/** The account of a caller who is asked for a code. */
interface Owner extends Recipient {
  readonly id: string;
  /** The hash that was verified before; null if no password was asked for. */
  readonly passwordHash: string | null;
}

/**
 * Asks a signed-in caller for a code of the second factor. The work runs in the transaction
 * that uses the code up, so that either both happen or neither. Wrong codes count and lock as at sign-in.
 * @throws Refusal INVALID_CODE, also while locked; INVALID_INPUT when no second factor is enabled; UNAUTHENTICATED
 */
export async function withCode<T>(
  operation: Operation,
  owner: Owner,
  typed: TypedCode,
  work: (tx: Transaction, code: MatchedCode) => Promise<T>,
): Promise<T> {
  const { database } = operation.services;
  const factor = await database.sql.row<{ authenticator: Buffer }>(confirmed, [owner.id]);
  if (!factor) throw refuse('INVALID_INPUT', 'There is no second factor.');
  const counter = codeCounterOf(operation, owner.id, factor.authenticator);
  const done = await attempt(operation, { counter, owner }, async ({ isOpen }) => {
    const matched = await matchCode(operation, owner.id, typed);
    if (!isOpen || !matched) return undefined;
    return database.transaction(async (tx) => {
      await holdAccount(tx, operation, owner.passwordHash);
      if (!(await takeCode(tx, owner.id, matched, operation.services.clock.now()))) return undefined;
      recordUse(tx, operation, matched);
      return { result: await work(tx, matched) };
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
