import type { Transaction } from '../../database/transaction.js';
import type { Operation } from '../../operation.js';
import { changesBetween, type FieldChanges } from '../../security-events/field-changes.js';
import { RecoveryCode } from './recovery-code.entity.js';
import { recoveryHashOf } from './recovery-codes.js';
import { openSecret } from './sealed-secret.js';
import { acceptedStep, totpCodeOf } from './totp.js';
import { TwoFactor } from './two-factor.entity.js';

export enum TwoFactorMethod {
  TOTP = 'TOTP',
  RECOVERY_CODE = 'RECOVERY_CODE',
}

/** A code as the user typed it. */
export interface TypedCode {
  readonly code: string;
  /** Null: determined from the shape of the code. */
  readonly method: TwoFactorMethod | null;
}

/**
 * A code that is correct and was unused when it was checked. `takeCode` decides which of several concurrent uses wins.
 */
export type MatchedCode =
  | {
      readonly method: TwoFactorMethod.TOTP;
      readonly step: number;
      /** The sealed secret that the code belongs to. */
      readonly sealed: Buffer;
    }
  | {
      readonly method: TwoFactorMethod.RECOVERY_CODE;
      readonly hash: Buffer;
      /** Number of unused codes, including this one. */
      readonly unused: number;
    };

/** @returns undefined if the code is wrong, used, or older than the last used one */
export function matchCode(operation: Operation, userId: string, typed: TypedCode): Promise<MatchedCode | undefined> {
  const method = typed.method ?? (totpCodeOf(typed.code) ? TwoFactorMethod.TOTP : TwoFactorMethod.RECOVERY_CODE);
  return matchers[method](operation, userId, typed.code);
}

const matchers = { [TwoFactorMethod.TOTP]: matchTotp, [TwoFactorMethod.RECOVERY_CODE]: matchRecoveryCode } as const;

const confirmed = `
  select sealed_secret as sealed, last_step as "lastStep" from two_factors where user_id = $1 and confirmed_at is not null`;

async function matchTotp({ services }: Operation, userId: string, typed: string): Promise<MatchedCode | undefined> {
  const { database, secrets, clock } = services;
  const factor = await database.sql.row<{ sealed: Buffer; lastStep: number }>(confirmed, [userId]);
  const code = totpCodeOf(typed);
  if (!factor || !code) return undefined;
  const step = acceptedStep(openSecret(secrets, factor.sealed, userId), code, clock.now(), factor.lastStep);
  return step === undefined ? undefined : { method: TwoFactorMethod.TOTP, step, sealed: factor.sealed };
}

/** What an event tells of a recovery code that was used; `unused` was counted when the code was checked. */
export const codeUse = (unused: number): FieldChanges =>
  changesBetween({ unusedRecoveryCodes: unused }, { unusedRecoveryCodes: unused - 1 });

const unusedCodes = `
  select count(*)::int as unused from recovery_codes where user_id = $1 and used_at is null
  having bool_or(code_hash = $2)`;

async function matchRecoveryCode(
  { services }: Operation,
  userId: string,
  typed: string,
): Promise<MatchedCode | undefined> {
  const hash = recoveryHashOf(typed);
  const row = hash && (await services.database.sql.row<{ unused: number }>(unusedCodes, [userId, hash]));
  return row && { method: TwoFactorMethod.RECOVERY_CODE, hash, unused: row.unused };
}

/**
 * Uses a code up. This is final once the transaction is committed.
 * @returns whether this call used it: of several concurrent calls exactly one succeeds
 */
export async function takeCode(tx: Transaction, userId: string, code: MatchedCode, now: Date): Promise<boolean> {
  const taken =
    code.method === TwoFactorMethod.TOTP
      ? await tx.em.nativeUpdate(
          TwoFactor,
          { userId, sealedSecret: code.sealed, confirmedAt: { $ne: null }, lastStep: { $lt: code.step } },
          { lastStep: code.step },
        )
      : await tx.em.nativeUpdate(RecoveryCode, { userId, codeHash: code.hash, usedAt: null }, { usedAt: now });
  return taken > 0;
}
