import { after } from '../clock.js';
import { unavailable } from '../errors.js';
import { lockedMail } from '../mail/sign-in-mails.js';
import type { Operation } from '../operation.js';
import { record } from '../security-events/record.js';
import { type Budget, giveBack, lock, take } from './attempt-budget.js';

/** Whom an attempt is about, as far as is known. */
export interface Subject {
  readonly budget: Budget;
  /** Where a lock is told; null for a name that nobody has. */
  readonly owner: { readonly id: string; readonly email: string; readonly username: string } | null;
}

/**
 * Counts an attempt, then makes it, unless the budget is used up: then `verify` is told to do the same work
 * for nothing, so that the time says nothing either. A failure is put on record; a success stays counted
 * until the budget is forgiven. Attempts on one account take turns, so of any burst no more than the
 * budget reach the verifier.
 * @param verify is told whether it may succeed
 * @returns what a success found; undefined for a failure
 * @throws SERVICE_UNAVAILABLE when too many wait for their turn
 */
export async function attempt<T>(
  operation: Operation,
  subject: Subject,
  verify: (isOpen: boolean) => Promise<T | undefined>,
): Promise<T | undefined> {
  const { budget } = subject;
  return operation.services.attempts.take(budget.key, unavailable, async () => {
    const place = await take(operation, budget);
    const found = await verify(place !== undefined).catch(async (error: unknown) => {
      if (place !== undefined) await giveBack(operation, budget);
      throw error;
    });
    if (found !== undefined && place !== undefined) return found;
    await recordFailure(operation, subject, place);
    return undefined;
  });
}

const failures = { password: 'LOGIN_FAILED', code: 'TWO_FACTOR_FAILED' } as const;

/**
 * In a transaction of its own: it must survive whatever the answer undoes. What was typed is not kept, since
 * people type passwords into the wrong field.
 */
async function recordFailure(operation: Operation, { budget, owner }: Subject, place?: number): Promise<void> {
  const { database, clock, outbox, config, publicUrl } = operation.services;
  await database.transaction(async (em) => {
    const until = after(clock.now(), config.lockout.duration);
    const locks = place !== undefined && place >= config.lockout.attempts && (await lock(em, budget, until));
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
