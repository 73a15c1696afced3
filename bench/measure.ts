import type { Measured } from './child.js';

/** How much of its core a process used while something was measured. */
export interface Effort {
  /** Processor seconds of the process per second: 1 is a core that never waited. */
  readonly busy: number;
}

/** Runs the work and watches what the process uses meanwhile. */
export async function watching<Result extends object>(
  child: Measured,
  work: () => Promise<Result>,
): Promise<Result & Effort> {
  const before = await child.usage();
  const start = performance.now();
  const result = await work();
  const seconds = (performance.now() - start) / 1000;
  const after = await child.usage();
  return { ...result, busy: (after.cpu - before.cpu) / seconds };
}
