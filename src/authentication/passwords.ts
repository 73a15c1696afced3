import argon2 from 'argon2';
import pLimit from 'p-limit';
import type { Config } from '../config.js';
import { type UserError, unavailable } from '../errors.js';
import { checkPassword } from './password-rules.js';

/** Unicode forms that look alike are one password (RFC 8265, OpaqueString). */
const normalize = (password: string): string => password.normalize('NFC');

/**
 * Argon2id. Hashes are computed a few at a time, since they share a thread pool with files, DNS and
 * signatures; those that wait are bounded, and past the bound the caller is told to come back.
 */
export class Passwords {
  private readonly limit: ReturnType<typeof pLimit>;
  /** What an unknown user's password is compared with: the same work, never a match. */
  private decoy: Promise<string> | undefined;

  constructor(
    private readonly cost: Config['argon2'],
    private readonly bounds: Config['hashing'],
    private readonly minLength: number,
  ) {
    this.limit = pLimit(bounds.concurrency);
  }

  /** Whether a new password is good enough; asked before any hashing. */
  async check(password: string, _person?: object, field = 'password'): Promise<UserError[]> {
    return checkPassword(password, this.minLength).map((e) => ({ ...e, field: ['input', field] }));
  }

  /** @throws SERVICE_UNAVAILABLE when too many wait */
  hash(password: string): Promise<string> {
    return this.queued(() => argon2.hash(normalize(password), { type: argon2.argon2id, ...this.cost }));
  }

  /** @param hash undefined for an unknown user: the same work is done and the answer is no */
  async verify(hash: string | undefined, password: string): Promise<boolean> {
    const against = hash ?? (await this.decoyHash());
    const matches = await this.queued(() => argon2.verify(against, normalize(password)));
    return matches && hash !== undefined;
  }

  /** Whether a hash was made with less than today's cost. */
  isOutdated(hash: string): boolean {
    return argon2.needsRehash(hash, this.cost);
  }

  /** Made before the first sign-in, so that the first unknown user does not take longer than the next. */
  async start(): Promise<void> {
    await this.decoyHash();
  }

  private decoyHash(): Promise<string> {
    this.decoy ??= this.hash('');
    return this.decoy;
  }

  private queued<T>(work: () => Promise<T>): Promise<T> {
    if (this.limit.pendingCount >= this.bounds.queue) return Promise.reject(unavailable());
    return this.limit(work);
  }
}
