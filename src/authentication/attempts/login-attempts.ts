import { after } from '../../clock.js';
import { unavailable } from '../../errors.js';
import type { Recipient } from '../../mail/recipient.js';
import type { Operation } from '../../operation.js';
import { record } from '../../security-events/record.js';
import { countWrong, isOver, type LockoutCounter, lockChange, type Reservation, reserve } from './lockout-counter.js';
import { RunningAttempt } from './running-attempt.js';

/** Whom an attempt concerns. */
export interface Subject {
  readonly counter: LockoutCounter;
  /** The account that is told about a lock; null for a name without an account. */
  readonly owner: (Recipient & { readonly id: string }) | null;
}

/** @returns undefined for a wrong proof */
type Verify<T> = (attempt: RunningAttempt) => Promise<T | undefined>;

/**
 * Runs one attempt under the lockout, and settles it. It reserves a place first. While the account is locked, `verify`
 * still runs and does the same work, so that the duration does not reveal the lock. A wrong attempt is counted and
 * recorded before the caller learns of it; a success resets the count. An attempt that fails for another reason, such
 * as the database, releases its place. Attempts on one account run one after another within a process.
 * @param verify after a correct proof it also does what the attempt was for, unless the attempt is not open
 * @returns the result of a success; undefined for a wrong attempt
 * @throws SERVICE_UNAVAILABLE when too many attempts wait for their turn or do not finish
 */
export const attempt = <T>(operation: Operation, subject: Subject, verify: Verify<T>): Promise<T | undefined> =>
  inTurn(operation, subject, async () => {
    const proof = await prove(operation, subject, verify);
    await proof?.attempt.forgive(operation);
    return proof?.found;
  });

/**
 * Like `attempt`, but only the verification runs in turn; `use` runs afterwards, in parallel with other attempts.
 * @param use runs after a success. The count is reset after it; if it fails, the place is only released
 * @example
 * const verify = async ({ isOpen }: RunningAttempt) => ((await matches(isOpen)) ? account : undefined);
 * const session = await attemptThen(operation, { counter, owner: account }, verify, (owner) => open(owner));
 */
export async function attemptThen<T, R>(
  operation: Operation,
  subject: Subject,
  verify: Verify<T>,
  use: (found: T, attempt: RunningAttempt) => Promise<R>,
): Promise<R | undefined> {
  const proof = await inTurn(operation, subject, () => prove(operation, subject, verify));
  if (!proof) return undefined;
  // The reservation has expired, so another attempt may have taken the place: this success must not count.
  if (isExpired(proof.attempt)) throw unavailable();
  const result = await unlessFailing(operation, proof.attempt, () => use(proof.found, proof.attempt));
  await proof.attempt.forgive(operation);
  return result;
}

const inTurn = <T>(operation: Operation, { counter }: Subject, work: () => Promise<T>): Promise<T> =>
  operation.services.attemptQueues.run(counter.key, unavailable, work);

interface Proof<T> {
  readonly found: T;
  readonly attempt: RunningAttempt;
}

async function prove<T>(operation: Operation, subject: Subject, verify: Verify<T>): Promise<Proof<T> | undefined> {
  const attempt = new RunningAttempt(subject.counter, await reserve(operation, subject.counter));
  return unlessFailing(operation, attempt, async () => {
    const found = await verify(attempt);
    if (found !== undefined && attempt.isOpen) return { found, attempt };
    // As above: the attempt was not counted, so its outcome must not be revealed.
    if (isExpired(attempt)) throw unavailable();
    await recordFailure(operation, subject, attempt.reservation);
    return undefined;
  });
}

const isExpired = ({ reservation }: RunningAttempt): boolean => reservation !== undefined && isOver(reservation);

/**
 * Releases the reservation if the work fails. This happens in the background, because the failed database may still be
 * unavailable.
 */
async function unlessFailing<T>(
  { services }: Operation,
  { reservation }: RunningAttempt,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (reservation) services.attemptsGivenBack.add(reservation);
    throw error;
  }
}

const failures = { password: 'LOGIN_FAILED', code: 'TWO_FACTOR_FAILED' } as const;

/**
 * Records a wrong attempt in its own transaction, because it must survive a rollback of the caller. The input is not
 * recorded, since people type passwords into the wrong field. In a flood from one address the event is only counted.
 */
async function recordFailure(
  operation: Operation,
  { counter, owner }: Subject,
  reservation: Reservation | undefined,
): Promise<void> {
  const { database, clock, outbox, config, mails, refusedEvents } = operation.services;
  const happening = { type: failures[counter.factor], subjectId: owner?.id, details: detailsOf(counter) };
  const isFlood = counter.factor === 'password' && refusedEvents.isFlood(operation.client.address);
  const isRecorded = await database.transaction(async (tx) => {
    const until = after(clock.now(), config.lockout.duration);
    const locks = await countWrong(tx, operation, counter, reservation);
    if (locks || !isFlood) record(tx, operation, happening);
    if (!locks || !owner) return locks || !isFlood;
    const reason = { factor: counter.factor, until: until.toISOString(), device: counter.device !== undefined };
    const changes = lockChange(until);
    record(tx, operation, { type: 'ACCOUNT_LOCKED', subjectId: owner.id, details: { ...reason, changes } });
    outbox.enqueue(tx, mails.write('account-locked', owner, { until }));
    return true;
  });
  if (!isRecorded) refusedEvents.note(operation, happening, `${operation.client.address} ${owner?.id}`);
}

const detailsOf = ({ factor }: LockoutCounter) => (factor === 'password' ? { passwordProved: false } : {});

/** Records that an account with the correct password may not sign in. */
export async function recordRefusal(operation: Operation, userId: string): Promise<void> {
  await operation.services.database.transaction(async (tx) => {
    record(tx, operation, { type: 'LOGIN_FAILED', subjectId: userId, details: { passwordProved: true } });
  });
}
