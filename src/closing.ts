/** Collects functions that stop what was started, and runs each of them once, in reverse order. */
export class Closing {
  private readonly steps: (() => Promise<unknown>)[] = [];
  private closed: Promise<void> | undefined;
  private begunAt: number | undefined;

  /** Milliseconds since `close` was called; 0 before. */
  get elapsed(): number {
    return this.begunAt === undefined ? 0 : performance.now() - this.begunAt;
  }

  /** Adds a step. After `close` has been called, runs it at once instead and ignores its error. */
  add(step: () => Promise<unknown>): void {
    if (this.closed) void step().catch(() => undefined);
    else this.steps.push(step);
  }

  /** Runs the steps; a failing one does not stop the others. @throws AggregateError with all failures */
  close(): Promise<void> {
    this.closed ??= this.run();
    return this.closed;
  }

  private async run(): Promise<void> {
    this.begunAt = performance.now();
    const failures: unknown[] = [];
    for (const step of this.steps.reverse()) await step().catch((error) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, 'Some parts did not stop cleanly');
  }
}
