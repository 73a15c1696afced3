import type { Clock } from '../../src/clock.js';

/** A clock that can be put forward and stopped. It starts at the present, since databases and libraries have clocks of their own. */
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

  /** From now on it moves only when it is advanced. */
  stop(): void {
    this.stoppedAt ??= Date.now();
  }
}
