import { codeAt } from '../authentication/second-factor/totp.js';
import type { PersonRecord } from './record-shapes.js';
import { Unusable } from './unusable.js';

/** A confirmed authenticator with its recovery codes. */
export interface FactorRow {
  readonly userId: string;
  /** Base32; not yet sealed. */
  readonly secret: string;
  readonly confirmedAt: string;
  readonly codes: readonly { readonly hash: string; readonly usedAt: string | null }[];
}

/** SHA-256, in lower-case hexadecimal digits. */
const hashShape = /^[0-9a-f]{64}$/;

/** @throws Unusable UNUSABLE_SECOND_FACTOR */
export function checkedFactor(
  { twoFactor }: PersonRecord,
  { id, createdAt }: { readonly id: string; readonly createdAt: string },
): FactorRow | undefined {
  if (!twoFactor) return undefined;
  const secret = twoFactor.secret.replaceAll(/[\s=-]/g, '').toUpperCase();
  if (!isUsable(secret))
    throw new Unusable('UNUSABLE_SECOND_FACTOR', 'The seed is not Base32 of 128 to 512 bits (RFC 4226, section 4).');
  const codes = (twoFactor.recoveryCodes ?? []).map(({ hash, usedAt }) => ({ hash, usedAt: usedAt ?? null }));
  if (!codes.every(({ hash }) => hashShape.test(hash)))
    throw new Unusable('UNUSABLE_SECOND_FACTOR', 'The hash of a recovery code is not SHA-256 in hexadecimal digits.');
  if (new Set(codes.map(({ hash }) => hash)).size < codes.length)
    throw new Unusable('UNUSABLE_SECOND_FACTOR', 'A recovery code is there twice.');
  return { userId: id, secret, confirmedAt: twoFactor.confirmedAt ?? createdAt, codes };
}

/** Longest seed in letters: 64 bytes, the largest that the library takes. */
const longestSeed = 104;

/** Whether codes can be computed: the library refuses seeds that are short, long or no Base32. */
function isUsable(secret: string): boolean {
  if (secret.length > longestSeed) return false;
  try {
    return codeAt(secret, 1) !== '';
  } catch {
    return false;
  }
}
