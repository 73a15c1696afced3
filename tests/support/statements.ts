import type { Harness } from './harness.js';

const tries = 5;

/** Counts the statements of the work. Takes the lowest of several runs, because background jobs add some. */
export async function statementsOf({ app }: Harness, work: () => Promise<unknown>): Promise<number> {
  const { sql } = app.services.database;
  // The first run fills caches and is not counted.
  await work();
  const counts: number[] = [];
  for (let n = 0; n < tries; n += 1) {
    const before = sql.sent;
    await work();
    counts.push(sql.sent - before);
  }
  return Math.min(...counts);
}
