import argon2 from 'argon2';
import pLimit from 'p-limit';
import type { Config } from '../../config.js';
import { type UserError, UserErrorCode, unavailable } from '../../errors.js';
import { verifierOf } from './foreign-hashes.js';
import type { Person } from './known-words.js';
import { isAbsurd, lengthProblem, normalizePassword } from './password-rules.js';
import { notStrong, type Strength } from './password-strength.js';
import type { StrengthEstimates } from './strength-estimates.js';

declare module '../../services.js' {
  interface Services {
    readonly passwords: Passwords;
  }
}

const ours = '$argon2id$';

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
    /** Names of this service, which make a poor password. */
    private readonly service: () => readonly string[],
    private readonly estimates: StrengthEstimates,
  ) {
    this.limit = pLimit(bounds.concurrency);
  }

  /**
   * Whether a new password is good enough; asked before any hashing.
   * @param field of the input that holds it
   * @returns PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG, PASSWORD_TOO_WEAK or nothing
   */
  async check(password: string, person: Person, field = 'password'): Promise<UserError[]> {
    const problem = lengthProblem(password, this.minLength) ?? (await this.weakness(password, person));
    return problem ? [{ ...problem, field: ['input', field] }] : [];
  }

  /** The same check as an estimate: whatever `check` refuses is not strong. */
  async strength(password: string, person: Person): Promise<Strength> {
    const problem = lengthProblem(password, this.minLength);
    if (problem?.code === UserErrorCode.PASSWORD_TOO_LONG) return notStrong(problem.message);
    const estimated = await this.estimate(password, person);
    return problem ? notStrong(problem.message, estimated) : estimated;
  }

  /** @throws SERVICE_UNAVAILABLE when too many wait */
  hash(password: string): Promise<string> {
    return this.queued(() => argon2.hash(normalizePassword(password), { type: argon2.argon2id, ...this.cost }));
  }

  /**
   * @param hash of ours, or brought from elsewhere; undefined for an unknown user: the same work is done and the
   * answer is no, as for a hash that cannot be verified. Nothing is done for a password nobody has.
   * @throws SERVICE_UNAVAILABLE when too many wait
   */
  async verify(hash: string | undefined, password: string): Promise<boolean> {
    if (isAbsurd(password)) return false;
    const known = hash !== undefined && verifierOf(hash, this.cost) ? hash : undefined;
    const against = known ?? (await this.decoyHash());
    const matches = await this.queued(() => this.matches(against, password));
    return matches && known !== undefined;
  }

  /** Whether a hash was brought from elsewhere, or made with less than today's cost. */
  isOutdated(hash: string): boolean {
    return !hash.startsWith(ours) || argon2.needsRehash(hash, this.cost);
  }

  /** Made before the first sign-in, so that the first unknown user does not take longer than the next. */
  async start(): Promise<void> {
    await this.decoyHash();
  }

  /** Other systems hash what was typed; an argon2id hash may be theirs as well as ours. */
  private async matches(hash: string, password: string): Promise<boolean> {
    const verify = verifierOf(hash, this.cost);
    const spellings = hash.startsWith(ours) ? [normalizePassword(password), password] : [password];
    for (const spelling of new Set(spellings)) if (await verify?.(spelling)) return true;
    return false;
  }

  private async weakness(password: string, person: Person): Promise<Omit<UserError, 'field'> | undefined> {
    const { isStrong, feedback } = await this.estimate(password, person);
    if (isStrong) return undefined;
    const message = ['This password is easy to guess.', ...feedback].join(' ');
    return { code: UserErrorCode.PASSWORD_TOO_WEAK, message };
  }

  /** Of the person only the names go to the other thread: a whole account may be given. */
  private estimate(password: string, { username, email, firstName, lastName }: Person): Promise<Strength> {
    const person = { username, email, firstName, lastName };
    return this.estimates.estimate({ password: normalizePassword(password), person, service: this.service() });
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
