import type { Harness } from './harness.js';

const tries = 5;

/** How many statements the work takes: the fewest of several times, since the service does some of its own beside it. */
export async function statementsOf({ app }: Harness, work: () => Promise<unknown>): Promise<number> {
  const { sql } = app.services.database;
  // What is remembered after the first time is not counted.
  await work();
  const counts: number[] = [];
  for (let n = 0; n < tries; n += 1) {
    const before = sql.sent;
    await work();
    counts.push(sql.sent - before);
  }
  return Math.min(...counts);
}
