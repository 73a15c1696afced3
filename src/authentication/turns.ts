declare module '../services.js' {
  interface Services {
    /** Serializes the attempts on one account. */
    readonly attempts: Turns;
  }
}

/** Runs work with the same key one after another, within this process. */
export class Turns {
  private readonly lines = new Map<string, { waiting: number; last: Promise<unknown> }>();

  /** @param most how many calls may wait for one key */
  constructor(private readonly most: number) {}

  /**
   * Runs the work once all earlier work with the same key has finished.
   * @param full creates the error for when too many wait
   * @throws the error of `full`, or of the work
   */
  async take<T>(key: string, full: () => Error, work: () => Promise<T>): Promise<T> {
    const line = this.lines.get(key) ?? { waiting: 0, last: Promise.resolve() };
    if (line.waiting > this.most) throw full();
    line.waiting += 1;
    this.lines.set(key, line);
    const turn = line.last.then(work);
    line.last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      line.waiting -= 1;
      if (line.waiting === 0) this.lines.delete(key);
    }
  }
}
