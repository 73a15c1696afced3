/** The only source of time. Injected, so that tests can set it. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** Converts to milliseconds, as do the functions below. */
export const seconds = (count: number): number => count * 1000;
export const minutes = (count: number): number => seconds(count * 60);
export const hours = (count: number): number => minutes(count * 60);
export const days = (count: number): number => hours(count * 24);

/** The instant `milliseconds` after `instant`. */
export const after = (instant: Date, milliseconds: number): Date => new Date(instant.getTime() + milliseconds);

/** The earlier of two instants. */
export const earlier = (one: Date, other: Date): Date => (one < other ? one : other);
