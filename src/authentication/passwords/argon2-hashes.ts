import { randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Config } from '../../config.js';
import { argon2Binding } from './argon2-bindings.js';
import type { Argon2Terms } from './argon2-terms.js';

type Cost = Config['argon2'];

/**
 * A hash of Argon2 in the PHC string format. Without a version it is 16, as in the first release of the reference
 * implementation. Salt and hash of at least 16 bytes, in Base64 without padding; beyond 64 bytes they are rare but valid.
 */
const format =
  /^\$(?<variant>argon2(?:id|i|d))\$(?:v=(?<version>16|19)\$)?m=(?<m>\d{1,8}),t=(?<t>\d{1,4}),p=(?<p>\d{1,3})\$(?<salt>[A-Za-z0-9+/]{2,128})\$(?<hash>[A-Za-z0-9+/]{22,128})$/;

/** A parsed hash: what it was computed with, and the result. */
export interface Argon2Hash extends Argon2Terms {
  readonly hash: Buffer;
}

/** @returns undefined for other text, and beyond the limits of RFC 9106, section 3.1, or a salt of less than 8 bytes */
export function parseArgon2(text: string): Argon2Hash | undefined {
  const groups = format.exec(text)?.groups;
  if (!groups) return undefined;
  const { variant, version = 16, m, t, p, salt: saltText = '', hash: hashText = '' } = groups;
  const [memory, passes, lanes] = [Number(m), Number(t), Number(p)];
  const [salt, hash] = [Buffer.from(saltText, 'base64'), Buffer.from(hashText, 'base64')];
  if (lanes < 1 || passes < 1 || memory < 8 * lanes || salt.length < 8) return undefined;
  const cost = { memory, passes, lanes };
  return {
    ...{ variant: variant as Argon2Terms['variant'], version: Number(version) === 16 ? 16 : 19 },
    ...{ ...cost, salt, hash, length: hash.length },
  };
}

/** Whether the password, exactly as it was typed, matches the hash. */
export async function matchesArgon2(parsed: Argon2Hash, password: string): Promise<boolean> {
  const { derive } = await argon2Binding();
  return timingSafeEqual(await derive(password, parsed), parsed.hash);
}

const makeSalt = promisify(randomBytes);
const [saltBytes, hashBytes] = [128 / 8, 256 / 8];

/** @returns a hash by Argon2id with a random salt, in the PHC string format; salt and length as RFC 9106, section 4 has them */
export async function hashWithArgon2(password: string, cost: Cost): Promise<string> {
  const { memoryCost: memory, timeCost: passes, parallelism: lanes } = cost;
  const [{ derive }, salt] = await Promise.all([argon2Binding(), makeSalt(saltBytes)]);
  const terms = { memory, passes, lanes, salt, length: hashBytes } as const;
  const hash = await derive(password, { variant: 'argon2id', version: 19, ...terms });
  return `$argon2id$v=19$m=${memory},t=${passes},p=${lanes}$${base64(salt)}$${base64(hash)}`;
}

const base64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');

/** Whether a hash was computed with other than these parameters, or is none of Argon2id. */
export function isOutdatedArgon2(text: string, { memoryCost, timeCost, parallelism }: Cost): boolean {
  const parsed = parseArgon2(text);
  if (parsed?.variant !== 'argon2id' || parsed.version !== 19) return true;
  return parsed.memory !== memoryCost || parsed.passes !== timeCost || parsed.lanes !== parallelism;
}
