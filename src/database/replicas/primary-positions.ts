import { seconds } from '../../clock.js';
import { later, noPosition, positionOf, type WalPosition } from './wal-position.js';

/** Where the primary was. */
interface Reading {
  /** `performance.now()` before it was asked, in milliseconds. */
  readonly at: number;
  /** Everything up to here was on its disk, so a replica can have it. */
  readonly flushed: WalPosition;
}

/** What the primary tells of itself. */
export interface PrimaryAnswer {
  readonly flushed: string;
  readonly inserted: string;
  readonly timeline: string;
  readonly server: string;
  readonly database: string;
}

/** Readings that are kept: of ten minutes. Whoever is further behind is late by more than that. */
const mostReadings = (seconds(60) / 250) * 10;

export const primaryQuestion = `
  select pg_current_wal_flush_lsn() as flushed, pg_current_wal_insert_lsn() as inserted,
    left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) as timeline,
    (select system_identifier::text from pg_control_system()) as server,
    (select oid::text from pg_database where datname = current_database()) as database`;

/** Where the primary was at which time, to tell by how much time a replica is behind. */
export class PrimaryPositions {
  private readings: Reading[] = [];
  /** Identifies the server's data, which its replicas share, and the database on it. */
  server: string | undefined;
  database: string | undefined;
  private timeline: string | undefined;
  /** Behind everything that the primary has written. */
  inserted: WalPosition = noPosition;
  /** The latest place seen, also on earlier timelines. */
  private highest: WalPosition = noPosition;

  /**
   * @param at `performance.now()` before the question
   * @returns the latest place known on the timelines before, when another server has become the primary; otherwise undefined
   */
  add(answer: PrimaryAnswer, at: number): WalPosition | undefined {
    this.inserted = positionOf(answer.inserted);
    const isOther = this.timeline !== undefined && this.timeline !== answer.timeline;
    if (isOther) this.readings = [];
    this.highest = later(this.highest, this.inserted);
    this.timeline = answer.timeline;
    this.server = answer.server;
    this.database = answer.database;
    this.readings.push({ at, flushed: positionOf(answer.flushed) });
    if (this.readings.length > mostReadings) this.readings.shift();
    return isOther ? this.highest : undefined;
  }

  /** When the latest reading began; by `performance.now()`. */
  get readAt(): number {
    return this.readings.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
  }

  /** @returns when the primary was here at the latest, by `performance.now()`; undefined if it never was, as far as is known */
  lastAt(position: WalPosition): number | undefined {
    return this.readings.findLast(({ flushed }) => flushed <= position)?.at;
  }
}
