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
  wait(atMost?: number): Promise<void> {
    if (this.rung) return Promise.resolve();
    const timer = atMost === undefined ? undefined : setTimeout(() => this.ring(), atMost);
    // Not an async function, which would take more memory for each idle stream.
    return new Promise((resolve) => {
      this.wake = () => {
        this.wake = undefined;
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
