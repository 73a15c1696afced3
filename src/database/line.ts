import type { Loss } from './heartbeat.js';
import type { Topic } from './topic.js';

/** Called with each heartbeat. `ask` queries the database's time, in milliseconds since 1970. */
export type KeepTime = (ask: () => Promise<number>) => Promise<void>;

/** What brings the signals of other processes, until it is lost. */
export interface Line {
  /** Resolves when the line has ended: broken, given up, or closed. */
  readonly lost: Promise<Loss>;
  /** Send time of the newest heartbeat that has come back, by `performance.now()`. */
  readonly heardAt: number;
  /** Whether that was less than 750 milliseconds ago. */
  readonly isFresh: boolean;
  /** Resolves when the first heartbeat has come back. @throws LineLost when none does, or the error of connecting */
  open(): Promise<void>;
  /** See `Heartbeat.proves`. */
  proves(): Promise<boolean>;
  /** Runs a statement. Rejects when the connection is broken, or breaks meanwhile. */
  ask<Row extends object>(text: string, values?: readonly string[]): Promise<Row[]>;
  /** Tells all processes something that no transaction is about. It may be lost. */
  tell(topic: Topic, detail: string): Promise<unknown>;
  /** Closes its connections in good order, but destroys them after a second when the database does not answer. */
  close(): Promise<void>;
}

/** The signal line was lost before its first heartbeat came back. */
export class LineLost extends Error {
  constructor(readonly loss: Loss) {
    super(`The signal connection is ${loss}`);
  }
}
