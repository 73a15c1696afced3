import type { EntityManager } from '@mikro-orm/postgresql';
import { generateSecret } from 'otplib';
import { hashToken } from '../../secrets.js';
import { RecoveryCode } from './recovery-code.entity.js';

/** Made at a time. */
export const recoveryCodeCount = 10;
/**
 * From 112 bits a look-up secret may be kept as a plain hash and cannot be guessed (NIST SP 800-63B-4,
 * section 3.1.2.2; ASVS 5.0, 6.5.2); 120 bits are 24 letters of base32.
 */
const entropyBytes = 120 / 8;
const letters = (entropyBytes * 8) / 5;
const shape = new RegExp(`^[A-Z2-7]{${letters}}$`);

/** @returns what the database keeps of it; undefined for what cannot be a recovery code */
export function recoveryHashOf(typed: string): Buffer | undefined {
  const code = typed.replace(/[\s-]/g, '').toUpperCase();
  return shape.test(code) ? hashToken(code) : undefined;
}

/** Makes new codes, and the old ones useless. @returns them as people are shown them, once */
export async function renewRecoveryCodes(em: EntityManager, userId: string): Promise<string[]> {
  await em.nativeDelete(RecoveryCode, { userId });
  const codes = Array.from({ length: recoveryCodeCount }, () => generateSecret({ length: entropyBytes }));
  await em.insertMany(
    RecoveryCode,
    codes.map((code) => ({ codeHash: hashToken(code), userId })),
  );
  return codes.map(inGroups);
}

const inGroups = (code: string): string => code.match(/.{6}/g)?.join('-') ?? code;
