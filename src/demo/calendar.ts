import { after, days, hours, minutes } from '../clock.js';

/** Length of the past that the demo makes up, in days. */
export const pastDays = 28;

/** Days on which few people work, as `Date.getUTCDay` numbers them. */
const weekend = [0, 6];

/** Instants before and after the first start of the demo. */
export interface Calendar {
  /**
   * A time of day in UTC.
   * @param daysAgo 1 is yesterday; at least 1, so that the time has passed
   */
  readonly on: (daysAgo: number, hour: number, minute?: number) => Date;
  readonly isWorkday: (daysAgo: number) => boolean;
  /** @param milliseconds before the first start */
  readonly ago: (milliseconds: number) => Date;
  /** @param milliseconds after the first start */
  readonly ahead: (milliseconds: number) => Date;
}

/** @param now the first start */
export function calendarOf(now: Date): Calendar {
  const midnight = new Date(now);
  midnight.setUTCHours(0, 0, 0, 0);
  const on = (daysAgo: number, hour: number, minute = 0) =>
    after(midnight, hours(hour) + minutes(minute) - days(daysAgo));
  return {
    on,
    isWorkday: (daysAgo) => !weekend.includes(on(daysAgo, 0).getUTCDay()),
    ago: (milliseconds) => after(now, -milliseconds),
    ahead: (milliseconds) => after(now, milliseconds),
  };
}
