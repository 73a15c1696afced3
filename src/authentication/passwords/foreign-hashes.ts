import { createCipheriv, pbkdf2, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import bcrypt from 'bcryptjs';
import type { Config } from '../../config.js';
import { matchesArgon2, parseArgon2 } from './argon2-hashes.js';

/** Whether a password, exactly as it was typed, matches the hash. */
export type Verifier = (password: string) => Promise<boolean>;

/**
 * Highest cost of one verification: a few seconds of one thread. That is far above all recommendations and low enough
 * not to block the machine.
 */
const most = {
  pbkdf2Iterations: 5_000_000,
  /** N × r × p. Memory is 128 bytes for each of N × r, so at most 1 GiB. */
  scryptWork: 2 ** 23,
  /** r × p: number of 128-byte blocks that PBKDF2 generates and reads. */
  scryptBlocks: 2 ** 10,
  bcryptRounds: 15,
  /** In KiB; RFC 9106, section 4 recommends 2 GiB where memory is plentiful. */
  argon2Memory: 2 ** 21,
  /** Memory in KiB × passes. */
  argon2Work: 2 ** 22,
};

/** The end of a PHC string: salt and hash of at least 16 bytes, in Base64 without padding. */
const phcTail = String.raw`\$(?<salt>[A-Za-z0-9+/]{2,128})\$(?<hash>[A-Za-z0-9+/]{22,128})$`;

type Groups = Readonly<Record<string, string | undefined>>;
type Scheme = readonly [pattern: RegExp, verifier: (groups: Groups, hash: string, own: Own) => Verifier | undefined];
/** The service's own parameters, which are always accepted. */
type Own = Pick<Config['argon2'], 'memoryCost' | 'timeCost'>;

const schemes: readonly Scheme[] = [
  [
    /^pbkdf2:(?<digest>sha1|sha256|sha512):(?<rounds>\d{1,7})\$(?<salt>[^$]{1,128})\$(?<hex>(?:[0-9a-f]{2}){20,64})$/,
    werkzeugPbkdf2,
  ],
  [
    /^\$pbkdf2-(?<digest>sha1|sha256|sha512)\$(?:i=)?(?<rounds>\d{1,7})(?:,l=\d{1,3})?\$(?<salt>[A-Za-z0-9+/.]{2,128})\$(?<hash>[A-Za-z0-9+/.]{22,128})$/,
    phcPbkdf2,
  ],
  [/^scrypt:(?<N>\d{1,8}):(?<r>\d{1,3}):(?<p>\d{1,3})\$(?<salt>[^$]{1,128})\$(?<hex>[0-9a-f]{128})$/, werkzeugScrypt],
  [/^\$2[aby]\$(?<rounds>\d{2})\$[./A-Za-z0-9]{53}$/, bcryptHash],
  [new RegExp(String.raw`^\$scrypt\$ln=(?<ln>\d{1,2}),r=(?<r>\d{1,3}),p=(?<p>\d{1,3})${phcTail}`), phcScrypt],
  [
    /^\$firescrypt\$ln=(?<ln>\d{1,2}),r=(?<r>\d{1,3}),p=(?<p>\d{1,3})\$(?<salt>[A-Za-z0-9+/]{2,128})\$(?<hash>[A-Za-z0-9+/]{22,256})\$(?<separator>[A-Za-z0-9+/]{0,16})\$(?<key>[A-Za-z0-9+/]{22,256})$/,
    firebaseScrypt,
  ],
  [/^\$argon2/, argon2Hash],
];

/**
 * Creates the verifier of a hash. Everything that the libraries would reject is rejected here, so that their errors
 * mean a failure of the machine and are not taken for a wrong password.
 * @returns undefined if the hash is malformed, of an unknown scheme or too expensive to verify
 */
export function verifierOf(hash: string, own: Own): Verifier | undefined {
  for (const [pattern, verifier] of schemes) {
    const found = pattern.exec(hash);
    if (found) return verifier(found.groups ?? {}, hash, own);
  }
  return undefined;
}

const derivePbkdf2 = promisify(pbkdf2);
const deriveScrypt = promisify<string, string | Buffer, number, ScryptOptions, Buffer>(scrypt);

/** Format of werkzeug.security.generate_password_hash, whose salt is text. */
function werkzeugPbkdf2({ digest = '', rounds, salt = '', hex = '' }: Groups): Verifier | undefined {
  const [iterations, expected] = [Number(rounds), Buffer.from(hex, 'hex')];
  if (iterations < 1 || iterations > most.pbkdf2Iterations || expected.length !== digestLength[digest])
    return undefined;
  return async (password) =>
    timingSafeEqual(await derivePbkdf2(password, salt, iterations, expected.length, digest), expected);
}

/** Forms of Ory Kratos (`i=`) and passlib, whose Base64 has `.` in place of `+`. A block of the digest costs all rounds. */
function phcPbkdf2({ digest = '', rounds, salt = '', hash = '' }: Groups): Verifier | undefined {
  const [saltBytes, expected] = [salt, hash].map((part) => Buffer.from(part.replaceAll('.', '+'), 'base64'));
  if (!saltBytes || !expected) return undefined;
  const iterations = Number(rounds);
  const work = iterations * Math.ceil(expected.length / (digestLength[digest] ?? 1));
  if (iterations < 1 || work > most.pbkdf2Iterations) return undefined;
  return async (password) =>
    timingSafeEqual(await derivePbkdf2(password, saltBytes, iterations, expected.length, digest), expected);
}

/** In bytes. */
const digestLength: Readonly<Record<string, number>> = { sha1: 160 / 8, sha256: 256 / 8, sha512: 512 / 8 };

function werkzeugScrypt({ N, r, p, salt = '', hex = '' }: Groups): Verifier | undefined {
  return scryptVerifier({ N: Number(N), r: Number(r), p: Number(p) }, salt, Buffer.from(hex, 'hex'));
}

/** Format of passlib; parameters as in RFC 7914, section 2. */
function phcScrypt({ ln, r, p, salt = '', hash = '' }: Groups): Verifier | undefined {
  const [saltBytes, expected] = [Buffer.from(salt, 'base64'), Buffer.from(hash, 'base64')];
  return scryptVerifier({ N: 2 ** Number(ln), r: Number(r), p: Number(p) }, saltBytes, expected);
}

interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

function scryptVerifier(cost: ScryptCost, salt: string | Buffer, expected: Buffer): Verifier | undefined {
  const derive = scryptOf(cost);
  return derive && (async (password) => timingSafeEqual(await derive(password, salt, expected.length), expected));
}

type Derive = (password: string, salt: string | Buffer, length: number) => Promise<Buffer>;

/** @returns undefined when the parameters are invalid or too expensive */
function scryptOf({ N, r, p }: ScryptCost): Derive | undefined {
  const work = N * r * p;
  // RFC 7914, section 2: N is a power of two and less than 2^(16 r).
  if (N < 2 || !Number.isInteger(Math.log2(N)) || Math.log2(N) >= 16 * r) return undefined;
  if (work < 1 || work > most.scryptWork || r * p > most.scryptBlocks) return undefined;
  const maxmem = 128 * r * (N + p + 2);
  return (password, salt, length) => deriveScrypt(password, salt, length, { N, r, p, maxmem });
}

const aesKeyBytes = 256 / 8;

/**
 * Firebase's variant, in the form of Ory Kratos: salt, hash, salt separator and signer key. The derived key encrypts the
 * signer key of the project, and the hash is the result.
 */
function firebaseScrypt({ ln, r, p, salt = '', hash = '', separator = '', key = '' }: Groups): Verifier | undefined {
  const [saltBytes, expected, after, signer] = [salt, hash, separator, key].map((part) => Buffer.from(part, 'base64'));
  const derive = scryptOf({ N: 2 ** Number(ln), r: Number(r), p: Number(p) });
  if (!derive || !saltBytes || !expected || !after || signer?.length !== expected.length) return undefined;
  return async (password) => {
    const derived = await derive(password, Buffer.concat([saltBytes, after]), aesKeyBytes);
    const cipher = createCipheriv('aes-256-ctr', derived, Buffer.alloc(128 / 8));
    return timingSafeEqual(Buffer.concat([cipher.update(signer), cipher.final()]), expected);
  };
}

/** bcryptjs compares in constant time and yields to other work every tenth of a second. */
function bcryptHash({ rounds }: Groups, hash: string): Verifier | undefined {
  if (Number(rounds) < 4 || Number(rounds) > most.bcryptRounds) return undefined;
  return (password) => bcrypt.compare(password, hash);
}

function argon2Hash(_groups: Groups, hash: string, own: Own): Verifier | undefined {
  const parsed = parseArgon2(hash);
  if (!parsed) return undefined;
  const { memory, passes } = parsed;
  if (memory > Math.max(most.argon2Memory, own.memoryCost)) return undefined;
  if (memory * passes > Math.max(most.argon2Work, own.memoryCost * own.timeCost)) return undefined;
  return (password) => matchesArgon2(parsed, password);
}
