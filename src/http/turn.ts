/**
 * A turn of the event loop, in which many requests may be answered. Their answers are sent at its end, one after another: sending
 * wakes a peer that waits, which takes longer than answering from memory. The next ones find it awake.
 */
export class Turn {
  private waiting: (() => void)[] = [];

  /** Resolves at the end of the turn. Those who wait go on in the order in which they came. */
  end(): Promise<void> {
    return new Promise((goOn) => {
      if (this.waiting.push(goOn) === 1) setImmediate(() => this.finish());
    });
  }

  private finish(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const goOn of waiting) goOn();
  }
}
