import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Work that many ask for and that is done once for all of them. Whoever asks while it runs shares the
 * next run: what it finds is never older than the question. One run at a time.
 */
export class SharedWork {
  private running: Promise<void> | undefined;
  private next: Promise<void> | undefined;
  private begunAt = Number.NEGATIVE_INFINITY;

  /** @param pause least time from the beginning of a run to that of the next, in milliseconds */
  constructor(
    private readonly work: () => Promise<void>,
    private readonly pause = 0,
  ) {}

  /** Resolves when a run that began after this call has ended, and fails as it fails. */
  run(): Promise<void> {
    this.next ??= this.runNext();
    return this.next;
  }

  private async runNext(): Promise<void> {
    await this.running?.catch(() => undefined);
    const wait = this.begunAt + this.pause - performance.now();
    if (wait > 0) await sleep(wait);
    this.next = undefined;
    this.begunAt = performance.now();
    this.running = this.work();
    return this.running;
  }
}
