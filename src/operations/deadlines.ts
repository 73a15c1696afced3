interface Timed {
  /** Called once the time limit has passed. */
  runOut(): void;
}

/**
 * One time limit for many operations. All have the same limit, so they expire in the order in which they were added and
 * a single timer is enough. The timer does not keep the process alive.
 */
export class Deadlines {
  private readonly begun = new Map<Timed, number>();
  private timer: NodeJS.Timeout | undefined;

  /** @param time the limit in milliseconds, counted from `add` */
  constructor(private readonly time: number) {}

  add(timed: Timed): void {
    this.begun.set(timed, performance.now());
    this.timer ??= this.lookAfter(this.time);
  }

  remove(timed: Timed): void {
    this.begun.delete(timed);
  }

  private lookAfter(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => this.look(), milliseconds).unref();
  }

  private look(): void {
    this.timer = undefined;
    const now = performance.now();
    for (const [timed, at] of this.begun) {
      const left = at + this.time - now;
      if (left > 0) {
        this.timer = this.lookAfter(left);
        return;
      }
      this.begun.delete(timed);
      timed.runOut();
    }
  }
}
