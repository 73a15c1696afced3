import { type Clock, minutes, seconds } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import { endsWithin } from '../operations/ends-within.js';
import type { Logger } from '../operations/logging.js';
import { Repeating } from '../operations/repeating.js';
import type { Tracing } from '../operations/span.js';
import { traceparentOf } from '../operations/traceparent.js';
import { Job } from './job.entity.js';
import { claimJobs, ensurePeriodic, makeDue, renewClaims } from './job-statements.js';
import { attributesOf } from './job-work.js';
import { type Claimed, RunningJob } from './running-job.js';
import type { Task } from './task.js';

declare module '../services.js' {
  interface Services {
    readonly queue: Queue;
  }
}

/** Longest time from a job's becoming due to its start in an idle process, in milliseconds. */
const pollPause = seconds(1);
/** Interval at which a process looks whether periodic tasks have their jobs, in milliseconds. */
const ensurePause = minutes(1);
/** Longest time that the answer to a claim may take, in milliseconds, so that a delivery still ends within the claim. */
const longestAnswer = seconds(20);
/** A third of the time after which a claim ends, so that two renewals may fail. */
const renewalPause = seconds(15);
/** While new jobs wait, each tenth that a process begins is one that is due again, so that neither kind waits for good. */
const retryShare = 10;
/** How long `close` waits for running jobs before it aborts them, in milliseconds. */
const grace = seconds(5);
/** How long `close` then waits for them to end, in milliseconds. */
const abortTime = seconds(1);

/** What a job that is done once is written with. */
export interface JobContent {
  readonly payload: Buffer;
  /** E-mail address that it is for; the job is deleted with its account. */
  readonly address?: string;
  /** When nobody awaits it any more: once it has failed, it is not run again from then on. */
  readonly expiresAt?: Date | undefined;
}

/** Times by which jobs become due. In production both are the database's. */
export interface QueueClocks {
  /** The service's clock: for jobs that are done once. */
  readonly clock: Clock;
  /** Measures the intervals of periodic jobs; never set by tests. */
  readonly time: Clock;
}

/**
 * The queue of all work that is done after the answer or without a request: a table that every process claims jobs from.
 * A job is written in the transaction of the change that causes it, so none is lost in a crash and none runs for a change
 * that was rolled back. The process that wrote it runs it at once; the others ask for due jobs every second. A job runs
 * at least once: again when its process dies before it has stored the result. See docs/decisions/0022-one-queue.md.
 *
 * @example
 * await database.transaction(async (tx) => queue.add(tx, 'mail', { payload }));
 */
export class Queue {
  private tasks: readonly Task[] = [];
  /** When every periodic task had its job. */
  private ensuredAt = Number.NEGATIVE_INFINITY;
  private readonly running = new Set<RunningJob>();
  /**
   * Periodic jobs begin one after another, because all at once would open a connection for each. One that takes longer
   * than two seconds delays no other any more.
   */
  private turn = Promise.resolve();
  private readonly stop = new AbortController();
  private readonly claiming: Repeating;
  private readonly renewing: Repeating;
  /** By the name of the task: how many first attempts were begun since the last repeated one. */
  private readonly sinceRetry = new Map<string, number>();
  /** When patient tasks were looked at. */
  private lastFull = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly database: Database,
    private readonly clocks: QueueClocks,
    private readonly log: Logger,
    private readonly tracing?: Tracing,
  ) {
    this.claiming = new Repeating('claiming of jobs', () => this.claim(), pollPause, log);
    this.renewing = new Repeating('renewal of claims', () => this.renew(), renewalPause, log);
  }

  /** Writes a job that is done once; it runs after the commit. */
  add(tx: Transaction, task: string, content: JobContent): void {
    const now = this.clocks.clock.now();
    const span = tx.work?.span?.begin({
      name: `send ${task}`,
      kind: 'producer',
      attributes: attributesOf('send', task),
    });
    const place = span?.place ?? tx.work?.place;
    const traceParent = place ? traceparentOf(place) : null;
    tx.em.create(Job, { task, ...content, traceParent, createdAt: now, dueAt: now }, { persist: true });
    tx.afterCommit(() => {
      span?.end();
      this.wake();
    });
  }

  /** The time for jobs that are done once, and the time for periodic ones. */
  now(): readonly [Date, Date] {
    return [this.clocks.clock.now(), this.clocks.time.now()];
  }

  /** Looks for due jobs now, after they were committed. Does nothing before `start`. */
  wake(): void {
    this.claiming.wake();
  }

  /** Names of the tasks that this process runs. */
  get taskNames(): readonly string[] {
    return this.tasks.map(({ name }) => name);
  }

  /** Begins to run jobs of these tasks. Resolves when the first ones have been claimed. */
  async start(tasks: readonly Task[]): Promise<void> {
    this.tasks = tasks;
    await this.renewing.start();
    await this.claiming.start();
  }

  /**
   * Runs the jobs of one task that are due, one after another, and a periodic job also before its time; for commands.
   * @returns how many runs succeeded and failed
   */
  async drain(task: Task): Promise<{ readonly succeeded: number; readonly failed: number }> {
    if (task.every) {
      await this.ensurePeriodic([task]);
      await this.database.sql.rows(makeDue, [task.name, this.clocks.time.now()]);
    }
    await this.renewing.start();
    const ended = { succeeded: 0, failed: 0 };
    for (;;) {
      const [job] = await this.take([task], () => 1);
      if (!job) break;
      ended[(await job.done) ? 'succeeded' : 'failed'] += 1;
    }
    await this.renewing.close();
    return ended;
  }

  /**
   * Claims nothing more, and waits for running jobs. Then it aborts them: they are due at once for other processes and
   * the next start. One that does not end within a second, such as one that waits for a lock, is left to itself, and due
   * again when its claim ends.
   * @param patience how long jobs may go on, in milliseconds
   */
  async close(patience = grace): Promise<void> {
    const ended = this.end();
    if (await endsWithin(patience, ended)) return;
    this.stop.abort();
    if (await endsWithin(abortTime, ended)) return;
    void this.renewing.close();
    this.log.warn({ tasks: [...this.running].map(({ task }) => task.name) }, 'Jobs that did not stop were left');
  }

  private async end(): Promise<void> {
    await this.claiming.close();
    while (this.running.size > 0) await Promise.all([...this.running].map(({ done }) => done));
    await this.renewing.close();
  }

  /** Every job that ends or becomes slow wakes this again. */
  private async claim(): Promise<void> {
    if (performance.now() - this.ensuredAt >= ensurePause) await this.ensurePeriodic(this.tasks);
    const isFull = performance.now() - this.lastFull >= pollPause * 0.9;
    if (isFull) this.lastFull = performance.now();
    const tasks = this.tasks.filter(({ isPatient }) => isFull || !isPatient);
    await this.take(tasks, (task) => this.room(task));
  }

  /** Sees to it that each periodic task has a job, which is due within its interval. */
  private async ensurePeriodic(tasks: readonly Task[]): Promise<void> {
    const periodic = tasks.filter(({ every }) => every !== undefined);
    const [names, intervals] = [periodic.map(({ name }) => name), periodic.map(({ every }) => Number(every))];
    await this.database.sql.rows(ensurePeriodic, [names, intervals, this.clocks.time.now()]);
    this.ensuredAt = performance.now();
  }

  private room(task: Task): number {
    const { brisk, most } = task.lane;
    return Math.min(brisk - this.count(task, ({ isBrisk }) => isBrisk), most - this.count(task));
  }

  private roomForRetries(task: Task): number {
    return Math.max(0, task.lane.retries - this.count(task, ({ isRetry }) => isRetry));
  }

  private firstsSinceRetry({ name }: Task): number {
    return this.sinceRetry.get(name) ?? 0;
  }

  private count(task: Task, which: (job: RunningJob) => boolean = () => true): number {
    return [...this.running].filter((job) => job.task === task && which(job)).length;
  }

  private async take(tasks: readonly Task[], roomOf: (task: Task) => number): Promise<RunningJob[]> {
    const asked = tasks.map((task) => ({ task, room: roomOf(task) })).filter(({ room }) => room > 0);
    if (asked.length === 0) return [];
    const askedAt = performance.now();
    const claimed = await this.database.sql.rows<Claimed>(claimJobs, [
      asked.map(({ task }) => task.name),
      asked.map(({ room }) => room),
      asked.map(({ task }) => this.roomForRetries(task)),
      asked.map(({ task }) => (this.firstsSinceRetry(task) >= retryShare - 1 ? 1 : 0)),
      asked.map(({ task }) => this.clockOf(task).now().toISOString()),
      [...this.running].map(({ id }) => id),
    ]);
    // A process that stood still meanwhile may hold them no longer; they become due again by themselves.
    if (performance.now() - askedAt > longestAnswer) return [];
    const tasksByName = new Map(asked.map(({ task }) => [task.name, task]));
    return claimed.map((job) => this.begin(job, tasksByName.get(job.task) as Task));
  }

  private begin(claimed: Claimed, task: Task): RunningJob {
    const { database, log, stop, tracing } = this;
    const clock = this.clockOf(task);
    const turn = task.every ? this.turn : Promise.resolve();
    const job = new RunningJob(claimed, task, { database, log, clock, stopping: stop.signal, turn, tracing });
    if (task.every) this.turn = job.slow;
    this.running.add(job);
    this.sinceRetry.set(task.name, job.isRetry ? 0 : this.firstsSinceRetry(task) + 1);
    void job.slow.then(() => this.wake());
    void job.done.then(() => {
      this.running.delete(job);
      // Where patient jobs have waited, they go on until none is left.
      if (task.isPatient) this.lastFull = Number.NEGATIVE_INFINITY;
      this.wake();
    });
    return job;
  }

  private clockOf({ every }: Task): Clock {
    return every ? this.clocks.time : this.clocks.clock;
  }

  private async renew(): Promise<void> {
    const held = [...this.running];
    if (held.length === 0) return;
    await this.database.sql.rows(renewClaims, [held.map(({ id }) => id), held.map(({ claim }) => claim)]);
  }
}
