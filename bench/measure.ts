import type { Measured } from './child.js';

/** CPU usage of a process during a measurement. */
export interface Effort {
  /** CPU seconds of the process per second; 1 means that one core was busy all the time. */
  readonly busy: number;
}

/** Runs the work and measures the CPU time that the process uses meanwhile. */
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
