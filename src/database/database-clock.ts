import type { Clock } from '../clock.js';

/** In milliseconds since 1970. */
export const databaseTime = 'select extract(epoch from clock_timestamp())::float8 * 1000 as time';

/** What a host's clock may not tell within one of its readings, in milliseconds. */
const grain = 1;

/**
 * The database's time, told between two answers of the database by the host's clock. Hosts whose clocks differ
 * agree in it to a round trip: every answer bounds how far the host's clock is off, and the correction moves only
 * when it lies outside these bounds, so a slow answer does no harm. While the database is away the last correction
 * holds.
 */
export class DatabaseClock implements Clock {
  /** How far the database's clock is ahead of the host's, in milliseconds. */
  ahead = 0;

  constructor(private readonly host: Clock) {}

  now(): Date {
    return new Date(this.host.now().getTime() + this.ahead);
  }

  /** @param ask the database what time it is, in milliseconds since 1970. Fails as that fails. */
  async measure(ask: () => Promise<number>): Promise<void> {
    const askedAt = this.host.now().getTime();
    const instant = await ask();
    const answeredAt = this.host.now().getTime();
    if (Number.isNaN(instant)) return;
    const [least, most] = [instant - answeredAt - grain, instant - askedAt];
    this.ahead = Math.max(least, Math.min(most, this.ahead));
  }
}
