import type { Config } from '../../config.js';
import { type UserError, UserErrorCode } from '../../errors.js';
import { Distribution } from '../../operations/distribution.js';
import type { Work } from '../../operations/work.js';
import { hashWithArgon2, isOutdatedArgon2 } from './argon2-hashes.js';
import { verifierOf } from './foreign-hashes.js';
import type { HashingQueue } from './hashing-queue.js';
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
/** In seconds. */
const durations = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Hashes and verifies passwords, with Argon2id (RFC 9106), a few at a time. */
export class Passwords {
  /** How long verifications took, without their wait, in seconds; those of unknown users too. */
  readonly verifications = new Distribution(durations);
  /** Hash to verify an unknown user's password against: the same work, but never a match. */
  private decoy: Promise<string> | undefined;
  private work: Work | undefined;

  constructor(
    private readonly cost: Config['argon2'],
    readonly queue: HashingQueue,
    private readonly minLength: number,
    /** Names of this service, which make weak passwords. */
    private readonly service: () => readonly string[],
    private readonly estimates: StrengthEstimates,
  ) {}

  /** The same for an operation or a job, whose trace then has the hashes. */
  within(work: Work): Passwords {
    const scoped: Passwords = Object.create(this);
    scoped.work = work;
    return scoped;
  }

  /**
   * Checks a new password before it is hashed.
   * @param field input field to name in errors
   * @returns PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG, PASSWORD_TOO_WEAK or nothing
   */
  async check(password: string, person: Person, field = 'password'): Promise<UserError[]> {
    const problem = lengthProblem(password, this.minLength) ?? (await this.weakness(password, person));
    return problem ? [{ ...problem, field: ['input', field] }] : [];
  }

  /** Estimates the strength of a password. Whatever `check` refuses is not strong. */
  async strength(password: string, person: Person): Promise<Strength> {
    const problem = lengthProblem(password, this.minLength);
    if (problem?.code === UserErrorCode.PASSWORD_TOO_LONG) return notStrong(problem.message);
    const estimated = await this.estimate(password, person);
    return problem ? notStrong(problem.message, estimated) : estimated;
  }

  /**
   * @param account id of the account whose owner is known by a session or a device, and goes before strangers
   * @returns the hash in PHC format
   * @throws SERVICE_UNAVAILABLE when too many wait
   */
  hash(password: string, account?: string): Promise<string> {
    const hash = () => hashWithArgon2(normalizePassword(password), this.cost);
    return this.queue.run(hash, { span: this.work?.span, account });
  }

  /**
   * Verifies a password.
   * @param hash own or imported hash. Undefined for an unknown user: the same work is done and the result is false, as
   * for a hash of an unknown format. A password beyond the highest length is rejected without any work.
   * @param account id of the account whose owner is known by a session or a device, and goes before strangers
   * @throws SERVICE_UNAVAILABLE when too many wait
   */
  async verify(hash: string | undefined, password: string, account?: string): Promise<boolean> {
    if (isAbsurd(password)) return false;
    const known = hash !== undefined && verifierOf(hash, this.cost) ? hash : undefined;
    const against = known ?? (await this.decoyHash());
    const matches = await this.queue.run(() => this.matches(against, password), { span: this.work?.span, account });
    return matches && known !== undefined;
  }

  /** Whether a hash was imported or computed with other than today's parameters. */
  isOutdated(hash: string): boolean {
    return isOutdatedArgon2(hash, this.cost);
  }

  /** Computes the decoy hash in advance, so that the first unknown user does not take longer than the next. */
  async start(): Promise<void> {
    await this.decoyHash();
  }

  /** An argon2id hash may be the service's own, of the normalized password, or imported, of the password as typed. */
  private async matches(hash: string, password: string): Promise<boolean> {
    const begunAt = performance.now();
    const verify = verifierOf(hash, this.cost);
    const spellings = hash.startsWith(ours) ? [normalizePassword(password), password] : [password];
    let matches = false;
    for (const spelling of new Set(spellings)) matches ||= (await verify?.(spelling)) ?? false;
    this.verifications.note((performance.now() - begunAt) / 1000);
    return matches;
  }

  private async weakness(password: string, person: Person): Promise<Omit<UserError, 'field'> | undefined> {
    const { isStrong, feedback } = await this.estimate(password, person);
    if (isStrong) return undefined;
    const message = ['This password is easy to guess.', ...feedback].join(' ');
    return { code: UserErrorCode.PASSWORD_TOO_WEAK, message };
  }

  /** Passes only the names to the worker thread, since `person` may be a whole account. */
  private estimate(password: string, { username, email, firstName, lastName }: Person): Promise<Strength> {
    const person = { username, email, firstName, lastName };
    return this.estimates.estimate({ password: normalizePassword(password), person, service: this.service() });
  }

  private decoyHash(): Promise<string> {
    this.decoy ??= this.hash('');
    return this.decoy;
  }
}
