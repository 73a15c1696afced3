import { setTimeout as sleep } from 'node:timers/promises';
import { after, type Clock, seconds } from '../clock.js';
import { isConnectionFailure, isTimeLimit } from '../database/connection-failure.js';
import type { Database } from '../database/database.js';
import type { SqlValue } from '../database/sql-values.js';
import type { Logger } from '../operations/logging.js';
import { reasonOf } from '../operations/reason.js';
import { during, type Tracing } from '../operations/span.js';
import { traceOf } from '../operations/trace.js';
import { deleteJob, putBack } from './job-statements.js';
import { JobWork } from './job-work.js';
import { type ClaimedJob, FailedForGood, pauseAfter, type Task } from './task.js';

/** A row that this process has claimed. */
export interface Claimed extends ClaimedJob {
  readonly task: string;
  readonly address: string | null;
  readonly failedAt: Date | null;
  readonly traceParent: string | null;
}

interface Surroundings {
  readonly database: Database;
  readonly log: Logger;
  readonly clock: Clock;
  /** Aborted when the process waits no longer. */
  readonly stopping: AbortSignal;
  readonly tracing: Tracing | undefined;
  /** The job begins when this has resolved. */
  readonly turn: Promise<void>;
}

/** A job that runs longer, in milliseconds, no longer counts as brisk, so that another can start. */
const briskFor = seconds(2);
/** Between two attempts to store the result of a job, in milliseconds. */
const storingPause = seconds(1);

/** What becomes of a job after an attempt: due again at, attempts so far, error, failed at. */
interface Next {
  readonly dueAt: Date | null;
  readonly attempts: number;
  readonly error?: string;
  readonly failedAt?: Date | null;
}

/** One attempt at a job: runs it, and stores the result. */
export class RunningJob {
  readonly id: string;
  isBrisk = true;
  private work: JobWork | undefined;
  /** Resolves when the job has ended and its result is stored, with whether it succeeded. Never rejects. */
  readonly done: Promise<boolean>;
  /** Resolves when the job no longer counts as brisk, and when it has ended. */
  readonly slow: Promise<void>;

  constructor(
    private readonly job: Claimed,
    readonly task: Task,
    private readonly around: Surroundings,
  ) {
    this.id = job.id;
    const ended = new AbortController();
    this.done = this.attempt().finally(() => ended.abort());
    this.slow = sleep(briskFor, undefined, { signal: ended.signal }).then(
      () => {
        this.isBrisk = false;
      },
      () => undefined,
    );
  }

  get claim(): string {
    return this.job.claim;
  }

  get isRetry(): boolean {
    return this.job.attempts > 1;
  }

  private async attempt(): Promise<boolean> {
    await this.around.turn;
    const work = new JobWork(this.task.name, this.job, this.around.tracing);
    this.work = work;
    try {
      const isMore = await during(work.span, () => this.task.run({ ...this.job, work }, this.around.stopping));
      await this.settle(isMore ?? false);
      return true;
    } catch (error) {
      await this.fail(error);
      return false;
    }
  }

  /** A periodic job is due again after its interval, counted from the end of the run. */
  private settle(isMore: boolean): Promise<void> {
    const { every } = this.task;
    if (!every && !isMore) return this.store(deleteJob, []);
    const dueAt = after(this.around.clock.now(), isMore ? 0 : (every ?? 0));
    return this.storeNext({ dueAt, attempts: 0 });
  }

  private async fail(error: unknown): Promise<void> {
    const { attempts } = this.job;
    const now = this.around.clock.now();
    if (this.around.stopping.aborted && !(error instanceof FailedForGood))
      return this.storeNext({ dueAt: now, attempts, failedAt: this.job.failedAt });
    const hasFailed = error instanceof FailedForGood || attempts >= this.task.retries.most;
    const isGivenUp = hasFailed && !this.task.every;
    const dueAt = isGivenUp ? null : after(now, pauseAfter(attempts, this.task.retries));
    this.report(error, { isGivenUp, hasFailed });
    const failedAt = hasFailed ? (this.job.failedAt ?? now) : null;
    await this.storeNext({ dueAt, attempts, error: reasonOf(error), failedAt });
  }

  private report(error: unknown, is: { isGivenUp: boolean; hasFailed: boolean }): void {
    const { log } = this.around;
    const { id, attempts, address } = this.job;
    const about = {
      job: id,
      task: this.task.name,
      attempts,
      ...(is.hasFailed && address && { to: address }),
      ...this.work?.trace,
    };
    if (error instanceof FailedForGood) log.error({ ...about, reason: error.message }, 'A job has failed for good');
    else if (is.isGivenUp) log.error({ ...about, ...detailsOf(error) }, 'A job has failed in all its attempts');
    else if (is.hasFailed && this.job.failedAt === null)
      log.error({ ...about, ...detailsOf(error) }, 'A periodic job keeps failing; it will be tried again');
    else log.warn({ ...about, ...detailsOf(error) }, 'A job failed and will be tried again');
  }

  private storeNext({ dueAt, attempts, error, failedAt }: Next): Promise<void> {
    return this.store(putBack, [dueAt, attempts, error ?? null, failedAt ?? null]);
  }

  /**
   * Stores the result, again and again while the database gives no answer: a mail that was sent would otherwise be sent
   * twice. If it cannot be stored, the job becomes due again when its claim ends.
   */
  private async store(statement: string, values: readonly SqlValue[]): Promise<void> {
    const { database, log, stopping } = this.around;
    for (;;) {
      try {
        await database.sql.rows(statement, [this.id, this.claim, ...values]);
        return;
      } catch (error) {
        if (!(isConnectionFailure(error) || isTimeLimit(error)) || stopping.aborted) {
          log.warn(
            { job: this.id, task: this.task.name, ...traceOf(error) },
            'The result of a job could not be stored',
          );
          return;
        }
        await sleep(storingPause, undefined, { signal: stopping }).catch(() => undefined);
      }
    }
  }
}

const detailsOf = (error: unknown) => ({ ...traceOf(error), reason: reasonOf(error) });
