/**
 * What operations cost, in milliseconds of processor time, measured by `npm run bench -- scale` on the machine that
 * `bench/README.md` names. `docs/scale.md` has the same figures and says how each was found.
 */
export interface Cost {
  /** Of the thread of a process that answers. */
  readonly service: number;
  /** Of a thread that hashes. */
  readonly hashing: number;
  readonly database: number;
  /** Whether it is committed, and waits until the log is on disk. */
  readonly commits: boolean;
  /** Security events that it records. */
  readonly events: number;
  /** Whether it is answered only when every process has heard of it. */
  readonly isHeard: boolean;
}

const read = { hashing: 0, commits: false, events: 0, isHeard: false };

export const costs = {
  viewer: { ...read, service: 0.081, database: 0 },
  list: { ...read, service: 1.3, database: 0.9 },
  refresh: { ...read, service: 0.73, database: 0.29, commits: true },
  // Of 17.4 ms of the service 11 are the thread that hashes.
  signIn: { service: 6.4, hashing: 11, database: 4, commits: true, events: 1, isHeard: false },
  change: { service: 4.5, hashing: 0, database: 2, commits: true, events: 1, isHeard: true },
} satisfies Record<string, Cost>;

export type Operation = keyof typeof costs;

/** Parts of what several processes cost, in milliseconds. */
export const parts = {
  /** A flush of the log to a disk of a server; not measured here, where it is faster. Flushes that wait are one. */
  flush: 0.5,
  /** A heartbeat of a process, four times a second. */
  beat: { database: 0.08, service: 0.1 },
  /** A round that asks whether all have heard: the asking process. */
  round: { service: 0.3, database: 0.3 },
  /**
   * What each other process does in a round, and for each of its answers PostgreSQL tells every process: from what a change costs more
   * with four processes than with one, of which a part is that fewer changes share a round.
   */
  echo: { service: 0.7, database: 0.4, delivery: 0.012 },
  /** The same over Redis: the service publishes an answer to the one that asks. */
  echoByRedis: { service: 0.9, redis: 0.04 },
  /** Publishing events: a batch, and each event in it. */
  publishing: { batch: 2, event: 0.15, mostInBatch: 500 },
} as const;
