/** Remembers how to stop what was started, and does so once, in reverse. */
export class Closing {
  private readonly steps: (() => Promise<unknown>)[] = [];
  private closed: Promise<void> | undefined;

  /** What is started after the end has begun is stopped at once. */
  add(step: () => Promise<unknown>): void {
    if (this.closed) void step().catch(() => undefined);
    else this.steps.push(step);
  }

  /** A step that fails does not keep the others from running. */
  close(): Promise<void> {
    this.closed ??= this.run();
    return this.closed;
  }

  private async run(): Promise<void> {
    const failures: unknown[] = [];
    for (const step of this.steps.reverse()) await step().catch((error) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, 'Some parts did not stop cleanly');
  }
}
