import { RedisFailure } from './redis-failure.js';

/**
 * Waits for an answer, at most so many milliseconds. When these are over, what has arrived meanwhile is still read: a
 * process that was busy for as long has not been waiting.
 * @param signal ends the wait at once
 * @throws RedisFailure TIMEOUT or CLOSED, or the error of the answer
 */
export function within<T>(milliseconds: number, answer: Promise<T>, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () => reject(new RedisFailure('CLOSED'));
    const timer = setTimeout(() => setImmediate(() => reject(new RedisFailure('TIMEOUT'))), milliseconds);
    signal?.addEventListener('abort', end, { once: true });
    answer.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
    });
  });
}
