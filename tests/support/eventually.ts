import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Polls until the answer is neither undefined nor false.
 * @param atMost time-out in milliseconds, for failing tests
 * @param pause between two polls, in milliseconds; longer for what costs more to ask
 */
export async function eventually<T>(
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  atMost = 30_000,
  pause = 5,
): Promise<T> {
  const end = Date.now() + atMost;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > end) throw new Error(`Nothing happened within ${atMost} ms: ${ask.toString()}`);
    await sleep(pause);
  }
}
