import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Work that many ask for and that is done once for all of them. Whoever asks while it runs shares the
 * next run: what it finds is never older than the question. One run at a time. Where a run fails, those who wait for
 * the next fail with it: while the database is away they would wait for two time-outs.
 */
export class SharedWork<Found = void> {
  private running: Promise<Found> | undefined;
  private next: Promise<Found> | undefined;
  private begunAt = Number.NEGATIVE_INFINITY;

  /** @param pause least time from the beginning of a run to that of the next, in milliseconds */
  constructor(
    private readonly work: () => Promise<Found>,
    private readonly pause = 0,
  ) {}

  /** Resolves when a run that began after this call has ended, and fails as it or the run before it fails. */
  run(): Promise<Found> {
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

/** The same for many things, each named by a key: only those who ask for the same wait for each other. */
export class SharedWorks<Found> {
  private readonly works = new Map<string, { readonly work: SharedWork<Found>; askers: number }>();

  /** @param work is the same whoever asks for this key */
  async run(key: string, work: () => Promise<Found>): Promise<Found> {
    const shared = this.works.get(key) ?? { work: new SharedWork(work), askers: 0 };
    this.works.set(key, shared);
    shared.askers += 1;
    try {
      return await shared.work.run();
    } finally {
      shared.askers -= 1;
      if (shared.askers === 0) this.works.delete(key);
    }
  }
}
