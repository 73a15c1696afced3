import { after } from '../clock.js';
import type { Services } from '../services.js';
import { enrollmentLifetime } from './confirm-two-factor-enrollment.js';

/**
 * Deletes what has run out: challenges, links in mail, enrolments that nobody confirmed, counts of attempts. All of it is refused
 * or ignored from the instant it runs out, whether or not this has run.
 */
export async function sweep({ database, clock }: Services): Promise<void> {
  const now = clock.now();
  await database.sql.rows('delete from two_factor_challenges where expires_at <= $1', [now]);
  await database.sql.rows('delete from two_factors where confirmed_at is null and created_at <= $1', [
    after(now, -enrollmentLifetime),
  ]);
  await database.sql.rows('delete from mailed_tokens where expires_at <= $1', [now]);
  await database.sql.rows('delete from attempts where expires_at <= $1', [now]);
}
