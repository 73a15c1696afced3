import { isTemporary } from './errors.js';

/**
 * When a request without an answer is sent again, in milliseconds. The service answers a refresh token that it has
 * exchanged once more for ten seconds only; a later one ends the session.
 */
const times = { afterFailure: 500, afterSilence: 3000, last: 8000 } as const;

/**
 * Sends a request, and again while there is no answer. Requests are not given up when another is sent: the answer to any
 * of them counts.
 * @returns the first answer
 * @throws what the last request failed with, or what cannot be mended by repetition
 */
export function repeated<T>(send: () => Promise<T>): Promise<T> {
  const begunAt = performance.now();
  return new Promise((resolve, reject) => {
    let open = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isSettled = false;
    const settle = (settled: () => void) => {
      isSettled = true;
      clearTimeout(timer);
      settled();
    };
    const next = (delay: number) => {
      clearTimeout(timer);
      const isLate = performance.now() - begunAt + delay > times.last;
      if (!isLate) timer = setTimeout(ask, delay);
      return !isLate;
    };
    const failed = (error: unknown) => {
      open -= 1;
      // The request that was sent after this one may have been answered already.
      if (isSettled) return;
      const wait = isTemporary(error) ? Math.max(times.afterFailure, (error.retryAfter ?? 0) * 1000) : undefined;
      if (wait === undefined || (!next(wait) && open === 0)) settle(() => reject(error));
    };
    const ask = () => {
      open += 1;
      next(times.afterSilence);
      send().then((answer) => settle(() => resolve(answer)), failed);
    };
    ask();
  });
}
