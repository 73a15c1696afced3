import type { Harness } from './harness.js';

/** Lets the claims of all running jobs end, as if 45 seconds had passed in which no process renewed them. */
export async function endClaims({ app }: Pick<Harness, 'app'>): Promise<void> {
  await app.services.database.sql.rows(
    `update jobs set claimed_until = claimed_until - interval '45 seconds' where claimed_until is not null`,
  );
}
