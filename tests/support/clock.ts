import type { Clock } from '../../src/clock.js';

/**
 * A clock that can be advanced and stopped. Starts at the present, because databases and libraries use their own
 * clocks.
 */
export class TestClock implements Clock {
  private shift = 0;
  private stoppedAt: number | undefined;

  now(): Date {
    return new Date((this.stoppedAt ?? Date.now()) + this.shift);
  }

  /** @param milliseconds */
  advance(milliseconds: number): void {
    this.shift += milliseconds;
  }

  /** From now on the clock moves only when it is advanced. */
  stop(): void {
    this.stoppedAt ??= Date.now();
  }
}
