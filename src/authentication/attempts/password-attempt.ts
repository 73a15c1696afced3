import type { Operation } from '../../operation.js';
import type { LockoutCounter } from './lockout-counter.js';
import { attemptThen, type Subject } from './login-attempts.js';
import type { RunningAttempt } from './running-attempt.js';

type Account = NonNullable<Subject['owner']> & { readonly passwordHash: string };

/**
 * One attempt at the password of an account, under the lockout (see `attemptThen`). Without an account, and while it is
 * locked, a made-up hash is verified, which takes as long.
 * @param use runs after a success
 * @returns the result of `use`; undefined for a wrong attempt
 */
export function attemptPassword<Owner extends Account, Result>(
  operation: Operation,
  { counter, account, password }: { counter: LockoutCounter; account: Owner | undefined; password: string },
  use: (account: Owner, attempt: RunningAttempt) => Promise<Result>,
): Promise<Result | undefined> {
  const { passwords } = operation.services;
  const known = knownOwner(operation, counter);
  const verify = async ({ isOpen }: RunningAttempt) => {
    const matches = await passwords.verify(isOpen ? account?.passwordHash : undefined, password, known);
    return matches ? account : undefined;
  };
  return attemptThen(operation, { counter, owner: account ?? null }, verify, use);
}

/**
 * The account, if the service knows its owner: by a device that has signed in to it before, or by the session of the
 * request. They do not wait for strangers. For a name without an account nobody is known, and neither is anybody for an
 * account that they have not signed in to: the order does not tell whether there is one.
 */
function knownOwner({ caller }: Operation, { userId, device }: LockoutCounter): string | undefined {
  const isOwnSession = caller !== null && caller.sessionId !== null && caller.userId === userId;
  return userId !== null && (device !== undefined || isOwnSession) ? userId : undefined;
}
