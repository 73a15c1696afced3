/** Items that are pushed, read by `for await`. */
export class LiveQueue<T> {
  private readonly items: T[] = [];
  private failure: unknown;
  private isOver = false;
  private wake: () => void = () => undefined;

  push(item: T): void {
    this.items.push(item);
    this.wake();
  }

  /** Ends the reading, once all items are read, in good order. */
  end(): void {
    this.isOver = true;
    this.wake();
  }

  /** Ends the reading, once all items are read, with an error. */
  fail(error: unknown): void {
    this.failure = error;
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    for (;;) {
      while (this.items.length > 0) yield this.items.shift() as T;
      if (this.isOver && this.failure !== undefined) throw this.failure;
      if (this.isOver) return;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}
