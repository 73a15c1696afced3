import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Coalesces calls: one run serves all callers that wait for it. A call made during a run joins the next run, so the
 * result is never older than the call. Runs do not overlap. When a run fails, the callers waiting for the next one fail
 * with it; otherwise they would sit through two time-outs while the database is unreachable.
 *
 * @example
 * const roles = new SharedWork(() => readRoles(), 100);
 * const [one, other] = await Promise.all([roles.run(), roles.run()]); // one statement
 */
export class SharedWork<Found = void> {
  private running: Promise<Found> | undefined;
  private next: Promise<Found> | undefined;
  private begunAt = Number.NEGATIVE_INFINITY;

  /** @param pause least time between the starts of two runs, in milliseconds */
  constructor(
    private work: () => Promise<Found>,
    private readonly pause = 0,
  ) {}

  /**
   * Resolves with the result of a run that started after this call. Rejects with its error, or that of the run before.
   * @param work made by the next run, instead of what was given before
   */
  run(work = this.work): Promise<Found> {
    this.work = work;
    this.next ??= this.runNext();
    return this.next;
  }

  private async runNext(): Promise<Found> {
    try {
      await this.running;
      const wait = this.begunAt + this.pause - performance.now();
      if (wait > 0) await sleep(wait);
    } finally {
      this.next = undefined;
    }
    this.begunAt = performance.now();
    const run = this.work();
    this.running = run;
    const forget = () => {
      if (this.running === run) this.running = undefined;
    };
    run.then(forget, forget);
    return run;
  }
}

/** A `SharedWork` per key: only calls for the same key share a run. Keys without callers are dropped. */
export class SharedWorks<Found> {
  private readonly works = new Map<string, { readonly work: SharedWork<Found>; askers: number }>();

  /**
   * @param work must be equivalent for all callers of the same key. The latest caller's is made: that of an earlier one
   *   may belong to an operation that has ended, whose statements are refused
   */
  async run(key: string, work: () => Promise<Found>): Promise<Found> {
    const shared = this.works.get(key) ?? { work: new SharedWork(work), askers: 0 };
    this.works.set(key, shared);
    shared.askers += 1;
    try {
      return await shared.work.run(work);
    } finally {
      shared.askers -= 1;
      if (shared.askers === 0) this.works.delete(key);
    }
  }
}
