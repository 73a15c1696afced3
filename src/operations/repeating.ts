import type { Logger } from './logging.js';
import { traceOf } from './trace.js';

/**
 * Work that is done when woken, and at the latest after a pause. Never twice at a time in one process;
 * a wake-up during the work makes it run once more. Work must be safe to run in many processes at once.
 */
export class Repeating {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private woken = false;
  private open = false;

  /** @param pause in milliseconds */
  constructor(
    private readonly name: string,
    private readonly work: () => Promise<void>,
    private readonly pause: number,
    private readonly log: Logger,
  ) {}

  start(): void {
    this.open = true;
    this.timer = setInterval(() => this.wake(), this.pause);
    this.wake();
  }

  wake(): void {
    if (!this.open) return;
    this.woken = true;
    this.running ??= this.run().finally(() => {
      this.running = undefined;
      if (this.woken) this.wake();
    });
  }

  /** Resolves when the work under way has ended. */
  async close(): Promise<void> {
    this.open = false;
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
