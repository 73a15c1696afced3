import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until there is an answer; the time-out is only for tests that fail. */
export async function eventually<T>(
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  atMost = 15_000,
): Promise<T> {
  const end = Date.now() + atMost;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > end) throw new Error(`Nothing happened within ${atMost} ms: ${ask.toString()}`);
    await sleep(5);
  }
}
