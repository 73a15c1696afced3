import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for work, at most so many milliseconds. @returns whether it has ended. @throws the error of the work */
export async function endsWithin(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  const over = new AbortController();
  const late = sleep(milliseconds, false, { signal: over.signal }).catch(() => false);
  return Promise.race([work.then(() => true), late]).finally(() => over.abort());
}
