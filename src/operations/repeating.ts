import type { Logger } from './logging.js';
import { traceOf } from './trace.js';

/**
 * Runs work when woken, and at least once per interval. Runs never overlap within a process; waking during a run causes
 * one more. Several processes may run the same work at the same time. An error is logged, and the work runs again at
 * the next wake-up or interval.
 */
export class Repeating {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private woken = false;
  private open = false;
  private isClosed = false;

  /**
   * @param name for the log, for example `mail delivery`
   * @param pause the interval, in milliseconds
   */
  constructor(
    private readonly name: string,
    private readonly work: () => Promise<void>,
    private readonly pause: number,
    private readonly log: Logger,
  ) {}

  /** Runs the work once and starts the interval. Resolves when that run has ended; does nothing after `close`. */
  async start(): Promise<void> {
    if (this.isClosed) return;
    this.open = true;
    this.timer = setInterval(() => this.wake(), this.pause);
    this.wake();
    await this.running;
  }

  /** Runs the work now, or once more after the current run. Does nothing before `start` and after `close`. */
  wake(): void {
    if (!this.open) return;
    this.woken = true;
    this.running ??= this.run().finally(() => {
      this.running = undefined;
      if (this.woken) this.wake();
    });
  }

  /** Stops. Resolves when the current run has ended. */
  async close(): Promise<void> {
    this.open = false;
    this.isClosed = true;
    clearInterval(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.woken && this.open) {
      this.woken = false;
      try {
        await this.work();
      } catch (error) {
        this.log.warn(traceOf(error), `The ${this.name} failed and will be tried again`);
        return;
      }
    }
  }
}
