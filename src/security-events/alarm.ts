/** Wakes a waiting reader. A ring while nobody waits is remembered until `reset`. */
export class Alarm {
  stopped = false;
  private rung = false;
  private wake: (() => void) | undefined;

  ring(): void {
    this.rung = true;
    this.wake?.();
  }

  reset(): void {
    this.rung = this.stopped;
  }

  stop(): void {
    this.stopped = true;
    this.ring();
  }

  /** @param atMost in milliseconds; without it only a ring ends the wait */
  async wait(atMost?: number): Promise<void> {
    const timer = atMost && setTimeout(() => this.ring(), atMost);
    if (!this.rung)
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    this.wake = undefined;
    clearTimeout(timer);
  }
}
