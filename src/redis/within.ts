import { RedisFailure } from './redis-failure.js';

/**
 * Waits for an answer, at most so many milliseconds. When these are over, what has arrived meanwhile is still read: a
 * process that was busy for as long has not been waiting.
 * @throws RedisFailure TIMEOUT, or the error of the answer
 */
export function within<T>(milliseconds: number, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => setImmediate(() => reject(new RedisFailure('TIMEOUT'))), milliseconds);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
