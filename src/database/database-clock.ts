import type { Clock } from '../clock.js';

/** Selects the database's time as `time`, in milliseconds since 1970. */
export const databaseTime = 'select extract(epoch from clock_timestamp())::float8 * 1000 as time';

/** Resolution of the host clock, in milliseconds: it rounds down to whole milliseconds. */
const grain = 1;

/**
 * Estimates the database's time from the host's clock, so that hosts with different clocks agree to within one round
 * trip. Each reply of the database gives a lower and an upper bound for the offset between the two clocks. The offset
 * changes only when it lies outside these bounds, so a slow reply does not make the estimate worse. While the database
 * is unreachable, the last offset stays in use.
 */
export class DatabaseClock implements Clock {
  /** How far the database's clock is ahead of the host's, in milliseconds. */
  ahead = 0;

  constructor(private readonly host: Clock) {}

  now(): Date {
    return new Date(this.host.now().getTime() + this.ahead);
  }

  /**
   * Corrects the offset with one query.
   * @param ask queries the database's time, in milliseconds since 1970; its rejection is passed on. NaN is ignored.
   */
  async measure(ask: () => Promise<number>): Promise<void> {
    const askedAt = this.host.now().getTime();
    const instant = await ask();
    const answeredAt = this.host.now().getTime();
    if (Number.isNaN(instant)) return;
    const [least, most] = [instant - answeredAt - grain, instant - askedAt];
    this.ahead = Math.max(least, Math.min(most, this.ahead));
  }
}
