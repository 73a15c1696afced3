declare module '../../services.js' {
  interface Services {
    /** Serializes the attempts on one account. */
    readonly attemptQueues: AttemptQueues;
  }
}

/** Runs work with the same key one after another, within this process. */
export class AttemptQueues {
  private readonly queues = new Map<string, { waiting: number; last: Promise<unknown> }>();

  /** @param most how many calls may wait for one key */
  constructor(private readonly most: number) {}

  /**
   * Runs the work once all earlier work with the same key has finished.
   * @param full creates the error for when too many wait
   * @throws the error of `full`, or of the work
   */
  async run<T>(key: string, full: () => Error, work: () => Promise<T>): Promise<T> {
    const queue = this.queues.get(key) ?? { waiting: 0, last: Promise.resolve() };
    if (queue.waiting > this.most) throw full();
    queue.waiting += 1;
    this.queues.set(key, queue);
    const running = queue.last.then(work);
    queue.last = running.catch(() => undefined);
    try {
      return await running;
    } finally {
      queue.waiting -= 1;
      if (queue.waiting === 0) this.queues.delete(key);
    }
  }
}
