import { after } from '../../clock.js';
import { unavailable } from '../../errors.js';
import { lockedMail } from '../../mail/sign-in-mails.js';
import type { Operation } from '../../operation.js';
import { record } from '../../security-events/record.js';
import { type Budget, countWrong, isOver, type Reservation, reserve } from './attempt-budget.js';

/** Whom an attempt is about, as far as is known. */
export interface Subject {
  readonly budget: Budget;
  /** Where a lock is told; null for a name that nobody has. */
  readonly owner: { readonly id: string; readonly email: string; readonly username: string } | null;
}

/**
 * Takes a place in the budget, then makes the attempt, unless the budget is used up: then `verify` is told to do the
 * same work for nothing, so that the time says nothing either. A wrong attempt is counted and put on record before
 * anybody is told; one that comes to nothing, because the database or the queue of hashes failed it, gives its place
 * back; a success keeps it until the budget is forgiven. Attempts on one account take turns within a process.
 * @param verify is told whether it may succeed, and does with a success what it was looked for
 * @returns what a success found; undefined for a wrong attempt
 * @throws SERVICE_UNAVAILABLE when too many wait for their turn, or do not come to an end
 */
export async function attempt<T>(operation: Operation, subject: Subject, verify: Verify<T>): Promise<T | undefined> {
  return (await inTurn(operation, subject, verify))?.found;
}

/**
 * The same where the proof alone takes turns, and what it opens does not.
 * @param use its failure is no wrong attempt either
 */
export async function attemptThen<T, R>(
  operation: Operation,
  subject: Subject,
  verify: Verify<T>,
  use: (found: T) => Promise<R>,
): Promise<R | undefined> {
  const proof = await inTurn(operation, subject, verify);
  if (!proof) return undefined;
  // Its place may be another's by now, so it opens nothing.
  if (isOver(proof.reservation)) throw unavailable();
  return unlessFailing(operation, proof.reservation, () => use(proof.found));
}

type Verify<T> = (isOpen: boolean) => Promise<T | undefined>;

const inTurn = <T>(operation: Operation, subject: Subject, verify: Verify<T>): Promise<Proof<T> | undefined> =>
  operation.services.attempts.take(subject.budget.key, unavailable, () => prove(operation, subject, verify));

interface Proof<T> {
  readonly found: T;
  readonly reservation: Reservation;
}

async function prove<T>(operation: Operation, subject: Subject, verify: Verify<T>): Promise<Proof<T> | undefined> {
  const reservation = await reserve(operation, subject.budget);
  return unlessFailing(operation, reservation, async () => {
    const found = await verify(reservation !== undefined);
    if (found !== undefined && reservation) return { found, reservation };
    // As above: nobody is told what it has found out.
    if (reservation && isOver(reservation)) throw unavailable();
    await recordFailure(operation, subject, reservation);
    return undefined;
  });
}

/** What fails gives its place back, in the background: the database that failed it may go on doing so. */
async function unlessFailing<T>(
  { services }: Operation,
  reservation: Reservation | undefined,
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
 * In a transaction of its own: it must survive whatever the answer undoes. What was typed is not kept, since
 * people type passwords into the wrong field.
 */
async function recordFailure(
  operation: Operation,
  { budget, owner }: Subject,
  reservation: Reservation | undefined,
): Promise<void> {
  const { database, clock, outbox, config, publicUrl } = operation.services;
  await database.transaction(async (em) => {
    const until = after(clock.now(), config.lockout.duration);
    const locks = await countWrong(em, operation, budget, reservation);
    const details = budget.factor === 'password' ? { passwordProved: false } : {};
    record(em, operation, { type: failures[budget.factor], subjectId: owner?.id, details });
    if (!locks || !owner) return;
    const reason = { factor: budget.factor, until: until.toISOString(), device: budget.device !== undefined };
    record(em, operation, { type: 'ACCOUNT_LOCKED', subjectId: owner.id, details: reason });
    outbox.enqueue(em, lockedMail(owner.email, owner.username, publicUrl(), until));
  });
}

/** The password was right, and the account may still not sign in. */
export async function recordRefusal(operation: Operation, userId: string): Promise<void> {
  await operation.services.database.transaction(async (em) => {
    record(em, operation, { type: 'LOGIN_FAILED', subjectId: userId, details: { passwordProved: true } });
  });
}
