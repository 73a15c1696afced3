import { generateSecret } from 'otplib';
import type { Transaction } from '../../database/transaction.js';
import { hashToken } from '../../secrets.js';
import { RecoveryCode } from './recovery-code.entity.js';

/** Number of codes in one set. */
export const recoveryCodeCount = 10;
/**
 * In bytes. A look-up secret of at least 112 bits cannot be guessed and may be stored as a plain hash (NIST SP
 * 800-63B-4, section 3.1.2.2; ASVS 5.0, 6.5.2). 120 bits are 24 letters of Base32.
 */
const entropyBytes = 120 / 8;
const letters = (entropyBytes * 8) / 5;
const shape = new RegExp(`^[A-Z2-7]{${letters}}$`);

/** @returns the hash that the database stores; undefined if the text cannot be a recovery code */
export function recoveryHashOf(typed: string): Buffer | undefined {
  const code = typed.replace(/[\s-]/g, '').toUpperCase();
  return shape.test(code) ? hashToken(code) : undefined;
}

/**
 * Replaces all recovery codes of a user.
 * @returns `codes`, the new ones as they are shown to the user, only once; `unusedBefore`, how many of the old ones were left
 */
export async function renewRecoveryCodes(
  tx: Transaction,
  userId: string,
): Promise<{ readonly codes: string[]; readonly unusedBefore: number }> {
  const unusedBefore = await tx.em.nativeDelete(RecoveryCode, { userId, usedAt: null });
  await tx.em.nativeDelete(RecoveryCode, { userId });
  const codes = Array.from({ length: recoveryCodeCount }, () => generateSecret({ length: entropyBytes }));
  await tx.em.insertMany(
    RecoveryCode,
    codes.map((code) => ({ codeHash: hashToken(code), userId })),
  );
  return { codes: codes.map(inGroups), unusedBefore };
}

const inGroups = (code: string): string => code.match(/.{6}/g)?.join('-') ?? code;
