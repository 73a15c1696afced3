interface Timed {
  /** Its time is over. */
  runOut(): void;
}

/** Tells what runs for too long. All have the same time, so what began first is over first, and one timer serves all. */
export class Deadlines {
  private readonly begun = new Map<Timed, number>();
  private timer: NodeJS.Timeout | undefined;

  /** @param time in milliseconds */
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
