import type { Findings } from './count.js';
import type { Ground } from './ground.js';

/** How much is done: small in CI. */
export interface Size {
  readonly kills: number;
  /** How often one of three processes is killed. */
  readonly killsOfThree: number;
  readonly writers: number;
  /** How long a writer waits after each mutation, in milliseconds. */
  readonly pause: number;
  /** Longest time from one cut to the next, in milliseconds. */
  readonly cutPause: number;
  readonly resets: number;
  /** How often the sockets of readers are cut. */
  readonly cuts: number;
  /** How often each fault of Redis happens. */
  readonly redisRounds: number;
  /** How long a fault of Redis lasts, and how long it is there before and afterwards, in milliseconds. */
  readonly redisOutage: number;
  /** How many scenarios run at the same time: most of them wait for a long time. */
  readonly together: number;
  /** Whether claims of killed processes are ended as soon as no mail arrives, in place of waiting until they end. */
  readonly endsClaims: boolean;
  /** How long a service may take to do what a time limit is for, as a multiple of that limit. */
  readonly slowness: number;
}

export type Scenario = (ground: Ground, size: Size) => Promise<Findings>;
