import { minutes, seconds } from '../clock.js';
import type { Work } from '../operations/work.js';

/** A job that this process runs. */
export interface ClaimedJob {
  readonly id: string;
  /** Id of the claim. The job is this process's as long as its row has it. */
  readonly claim: string;
  readonly payload: Buffer | null;
  /** Number of attempts, including this one. */
  readonly attempts: number;
  /** The attempt, for what is done in it; see `forWork`. */
  readonly work?: Work;
}

/** How many jobs of one task a process runs at a time. */
export interface Lane {
  /** Most jobs that have been running for less than two seconds. A slower one makes room for another. */
  readonly brisk: number;
  /** Most jobs in all. */
  readonly most: number;
  /**
   * Most repeated attempts among them, so that jobs that keep failing leave room for new ones. They begin after the new
   * ones, or as each tenth.
   */
  readonly retries: number;
}

/** Pauses between attempts: `first`, doubled each time, up to `longest`; in milliseconds. */
export interface Retries {
  readonly first: number;
  readonly longest: number;
  /** Number of attempts after which a job counts as failed. */
  readonly most: number;
}

/** A kind of job, and how it is run. `jobs.ts` lists them all. */
export interface Task {
  /** Stored with each job, so it must not change. */
  readonly name: string;
  /** What it does, for people. */
  readonly purpose: string;
  /** Milliseconds from one run to the next; absent for jobs that are done once. */
  readonly every?: number;
  readonly lane: Lane;
  readonly retries: Retries;
  /** Not run as soon as it is written, but within a second. */
  readonly isPatient?: boolean;
  /**
   * Does the work.
   * @param signal aborts work that a stopping process does not wait for; such a job is due again at once. Work that may
   *   take more than a second must look at it between its steps
   * @returns true when there is more to do, so that the job runs again at once
   * @throws FailedForGood when no further attempt can succeed; any other error for another attempt
   */
  run(job: ClaimedJob, signal: AbortSignal): Promise<boolean | undefined>;
}

/** Another attempt cannot succeed. The message must contain no secrets. */
export class FailedForGood extends Error {
  override name = 'FailedForGood';
}

/** Milliseconds from a failed attempt to the next. @param attempts the number of attempts so far, at least 1 */
export const pauseAfter = (attempts: number, { first, longest }: Retries): number =>
  Math.min(first * 2 ** (attempts - 1), longest);

const one: Lane = { brisk: 1, most: 1, retries: 1 };

/**
 * Defines a periodic task. It has one job in the database, so that each run happens once over all processes. A run that
 * fails is repeated sooner; the job goes on however often it fails.
 * @param interval milliseconds from one run to the next
 */
export const every = (
  interval: number,
  name: string,
  purpose: string,
  run: (signal: AbortSignal, job: ClaimedJob) => Promise<boolean | undefined>,
): Task => ({
  name,
  purpose,
  every: interval,
  lane: one,
  retries: { first: seconds(5), longest: Math.min(interval, minutes(5)), most: 5 },
  run: (job, signal) => run(signal, job),
});
