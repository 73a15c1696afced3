import type { Clock } from '../../src/clock.js';

/** A clock that stands where it is put. It starts at the present, since databases and libraries have clocks of their own. */
export class TestClock implements Clock {
  private shift = 0;

  now(): Date {
    return new Date(Date.now() + this.shift);
  }

  /** @param milliseconds */
  advance(milliseconds: number): void {
    this.shift += milliseconds;
  }
}
