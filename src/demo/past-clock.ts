import type { Clock } from '../clock.js';

/** A clock that stands until it is moved, and is only moved forward. */
export class PastClock implements Clock {
  constructor(private instant: Date) {}

  now(): Date {
    return new Date(this.instant);
  }

  /** Stays where it is if the instant has passed. */
  moveTo(instant: Date): void {
    if (instant > this.instant) this.instant = instant;
  }
}
