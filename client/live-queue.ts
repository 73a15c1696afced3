type Result<T> = IteratorResult<T, undefined>;

/** Items that are pushed, read by `for await`. */
export class LiveQueue<T> implements AsyncIterableIterator<T, undefined> {
  private items: T[] = [];
  private readonly readers: ((result: Result<T> | Promise<never>) => void)[] = [];
  private failure: { readonly error: unknown } | undefined;
  private isOver = false;

  /** @param onReturn called when the reader stops reading */
  constructor(private readonly onReturn: () => void) {}

  push(item: T): void {
    if (this.isOver) return;
    const reader = this.readers.shift();
    if (reader) reader({ done: false, value: item });
    else this.items.push(item);
  }

  /** Ends the reading at once; what waits to be read is dropped. */
  end(): void {
    this.items = [];
    this.isOver = true;
    for (const reader of this.readers.splice(0)) reader(over);
  }

  /** Ends the reading with an error, once all items are read. */
  fail(error: unknown): void {
    if (this.isOver) return;
    this.isOver = true;
    const [first, ...others] = this.readers.splice(0);
    if (first) first(Promise.reject(error));
    else this.failure = { error };
    for (const reader of others) reader(over);
  }

  async next(): Promise<Result<T>> {
    if (this.items.length > 0) return { done: false, value: this.items.shift() as T };
    const { failure } = this;
    this.failure = undefined;
    if (failure) throw failure.error;
    if (this.isOver) return over;
    return new Promise((resolve) => this.readers.push(resolve));
  }

  async return(): Promise<Result<T>> {
    this.end();
    this.onReturn();
    return over;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

const over = { done: true, value: undefined } as const;
