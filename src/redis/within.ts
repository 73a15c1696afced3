import { RedisFailure } from './redis-failure.js';

/** A wait is counted in so many ticks instead of time, because a process that was busy or suspended has not been waiting. */
const ticks = 6;

/**
 * Waits for an answer, at most about so many milliseconds.
 * @param signal ends the wait at once
 * @throws RedisFailure TIMEOUT or CLOSED, or the error of the answer
 */
export function within<T>(milliseconds: number, answer: Promise<T>, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    let passed = 0;
    const settle = (how: () => void) => {
      clearInterval(timer);
      signal?.removeEventListener('abort', close);
      how();
    };
    const close = () => settle(() => reject(new RedisFailure('CLOSED')));
    const timer = setInterval(() => {
      passed += 1;
      if (passed === ticks) settle(() => reject(new RedisFailure('TIMEOUT')));
    }, milliseconds / ticks);
    // Also after an abort: a rejection without a handler would end the process.
    answer.then(
      (value) => settle(() => resolve(value)),
      (error) => settle(() => reject(error)),
    );
    if (signal?.aborted) close();
    else signal?.addEventListener('abort', close, { once: true });
  });
}
