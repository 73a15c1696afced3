import { type PageRequest, Parameters, windowOf } from '../database/keyset.js';
import {
  cursorOfPlaced,
  keysetOf,
  type Order,
  type Page,
  type Placed,
  pageOf,
  refusingCursors,
} from '../database/pages.js';
import { isUuid } from '../database/uuid.js';
import { refuse } from '../errors.js';
import type { Operation } from '../operation.js';

/** A job that has failed as often as its task allows, or for good. */
export interface FailedJob {
  readonly id: string;
  readonly task: string;
  readonly payload: Buffer | null;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly createdAt: Date;
  readonly failedAt: Date;
  /** Null: it can always be run again. */
  readonly expiresAt: Date | null;
}

const latestFirst: Order = { expression: 'j.failed_at', type: 'timestamptz', id: 'j.id', direction: 'desc' };

const failed = 'from jobs j where j.failed_at is not null';

/** Lists failed jobs, those that failed last first. @throws BAD_USER_INPUT for invalid page arguments */
export async function listFailedJobs({ services }: Operation, page: PageRequest): Promise<Page<FailedJob>> {
  const { lists: sql } = services.database;
  const window = windowOf(page);
  const parameters = new Parameters();
  const { bounds, orderBy } = keysetOf(window, latestFirst, parameters);
  const text = `
    select j.id, j.task, j.payload, j.attempts, j.last_error as "lastError", j.created_at as "createdAt",
      j.failed_at as "failedAt", j.expires_at as "expiresAt", j.failed_at::text as position
    ${[failed, ...bounds].join(' and ')} order by ${orderBy} limit ${parameters.add(window.size + 1)}`;
  const rows = await refusingCursors(sql.rows<Placed<FailedJob>>(text, parameters.values));
  return pageOf(rows, window, cursorOfPlaced, async () => {
    const row = await sql.row<{ count: number }>(`select count(*)::int as count ${failed}`);
    return row?.count ?? 0;
  });
}

/** Parameters: which, the time for jobs that are done once, the time for periodic ones. */
const makeDue = (which: string): string => `
  update jobs set attempts = 0, failed_at = null, claimed_until = null, claim_id = null,
    due_at = case when is_periodic then $3::timestamptz else $2::timestamptz end
  where ${which} and failed_at is not null and (claimed_until is null or claimed_until <= now())
    and (expires_at is null or expires_at > $2)`;
const again = makeDue('id = $1');
const allAgain = makeDue('($1::text is null or task = $1)');
const expired = `
  select count(*)::int as count from jobs
  where ($1::text is null or task = $1) and failed_at is not null and expires_at <= $2`;

const isExpired = 'select 1 from jobs where id = $1 and failed_at is not null and expires_at <= $2';

/**
 * Runs a failed job again, with all its attempts. It leaves the list, until it fails again.
 * @returns its id
 * @throws Refusal NOT_FOUND for a job that has not failed, and for one that is running; JOB_EXPIRED for one that would
 *   send a link that has run out, or that nobody awaits
 */
export async function retryJob({ services }: Operation, jobId: string): Promise<string> {
  const { queue, database } = services;
  const notFound = () => refuse('NOT_FOUND', 'No failed job has this id.', 'jobId');
  if (!isUuid(jobId)) throw notFound();
  const [now, time] = queue.now();
  const row = await database.sql.row<{ id: string }>(`${again} returning id`, [jobId, now, time]);
  if (!row) {
    const isOver = await database.sql.row(isExpired, [jobId, now]);
    throw isOver ? refuse('JOB_EXPIRED', 'Nobody awaits what this job would do any more.', 'jobId') : notFound();
  }
  queue.wake();
  return row.id;
}

export interface Retried {
  readonly retriedCount: number;
  /** Those left, because nobody awaits what they would do. */
  readonly expiredCount: number;
}

/** Runs all failed jobs again, with all their attempts. @param task of these alone; null: of every task */
export async function retryFailedJobs({ services }: Operation, task: string | null): Promise<Retried> {
  const { queue, database } = services;
  const [now, time] = queue.now();
  const text = `with again as (${allAgain} returning id) select count(*)::int as count from again`;
  const retried = await database.sql.row<{ count: number }>(text, [task, now, time]);
  const left = await database.sql.row<{ count: number }>(expired, [task, now]);
  queue.wake();
  return { retriedCount: retried?.count ?? 0, expiredCount: left?.count ?? 0 };
}
