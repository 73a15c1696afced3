declare module '../services.js' {
  interface Services {
    /** Attempts on one account are made one after another. */
    readonly attempts: Turns;
  }
}

/** Work on one thing, done one after another within this process. */
export class Turns {
  private readonly lines = new Map<string, { waiting: number; last: Promise<unknown> }>();

  /** @param most how many may wait for one thing */
  constructor(private readonly most: number) {}

  /**
   * Runs the work when that of all before it on the same key is done.
   * @throws what `full` makes when too many wait
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
