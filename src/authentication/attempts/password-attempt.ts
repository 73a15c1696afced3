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
  const verify = async ({ isOpen }: RunningAttempt) => {
    const matches = await passwords.verify(isOpen ? account?.passwordHash : undefined, password);
    return matches ? account : undefined;
  };
  return attemptThen(operation, { counter, owner: account ?? null }, verify, use);
}
