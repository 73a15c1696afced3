import pg from 'pg';
import { seconds } from '../clock.js';
import type { Meter } from '../operations/meter.js';
import { isDeadlock } from './connection-failure.js';
import { connectTime, DatabaseSockets, keepAlive } from './database-sockets.js';
import { sendMetered } from './metered-query.js';

/** Values PostgreSQL can be given as a statement's parameter. */
export type SqlValue = string | number | boolean | Date | Buffer | null | readonly (string | number | Buffer)[];

/**
 * `kept`: prepared once per connection; after some executions PostgreSQL may settle for one plan for all values.
 * `fresh`: made anew for the values at hand, where the best plan depends on them.
 */
export type Planning = 'kept' | 'fresh';

const mostPrepared = 500;

/** In milliseconds; shorter than the time limits of statements, so that waiting for others is told from being slow. */
export const longestLockWait = seconds(10);
const longestStatement = seconds(15);
const longestIdle = longestStatement;
/** A connection that is silent for longer has lost the server's answer. */
const longestSilence = longestStatement + seconds(2);

/** PostgreSQL's usual spelling of a timestamptz in UTC; ECMAScript keeps milliseconds. */
const plainInstant = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?)\d*\+00$/;
const readInstant = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as (text: string) => Date | number;

/** The driver's own parser takes a third of the time of a list; it is left the unusual instants (infinity, BC). */
function parseInstant(text: string): Date | number {
  const parts = plainInstant.exec(text);
  return parts ? new Date(`${parts[1]}T${parts[2]}Z`) : readInstant(text);
}

/** Up to the year 9999, in milliseconds since 1970. */
const lastPlain = 253_402_300_799_999;

/** The driver's own spelling of an instant takes ten times as long; it is left the unusual ones. */
const plainly = (value: SqlValue): SqlValue =>
  value instanceof Date && value.getTime() >= 0 && value.getTime() <= lastPlain ? value.toISOString() : value;

const parserOf: typeof pg.types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === pg.types.builtins.TIMESTAMPTZ && format !== 'binary'
    ? parseInstant
    : pg.types.getTypeParser(oid, format as 'text');

/**
 * Plain rows for reads. Entities cost about ten times the CPU of a hand-written statement,
 * so lists and everything on the path of each request read through here; writes go through the ORM.
 */
export class Sql {
  /** For libraries that bring their own statements. */
  readonly pool: pg.Pool;
  private readonly counter = { sent: 0 };
  private readonly names = new Map<string, string>();
  private readonly sockets = new DatabaseSockets(longestSilence);
  private meter: Meter | undefined;

  /** @param onFailure is shown what a statement failed with */
  constructor(
    connectionString: string,
    size: number,
    onError: (error: Error) => void,
    private readonly onFailure: (error: unknown) => void = () => undefined,
  ) {
    this.pool = new pg.Pool({
      connectionString,
      max: size,
      connectionTimeoutMillis: connectTime,
      idleTimeoutMillis: longestIdle,
      statement_timeout: longestStatement,
      lock_timeout: longestLockWait,
      ...keepAlive,
      stream: this.sockets.make,
      application_name: 'gatehouse-reads',
      options: '-c timezone=UTC',
      types: { getTypeParser: parserOf },
    });
    // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
    this.pool.on('error', onError);
  }

  /** Statements sent so far; tests and benchmarks read it. */
  get sent(): number {
    return this.counter.sent;
  }

  /** The same connections for the statements of one operation: what they read is counted, and they end with it. */
  within(meter: Meter): Sql {
    const scoped: Sql = Object.create(this);
    scoped.meter = meter;
    return scoped;
  }

  /**
   * @param text written in the source or composed of such parts, never holding a caller's value:
   *   each text is prepared once per connection and kept, unless its planning is fresh
   * @returns plain rows, one property per selected column
   */
  async rows<Row>(text: string, values: readonly SqlValue[] = [], planning: Planning = 'kept'): Promise<Row[]> {
    this.counter.sent += 1;
    const query: pg.QueryConfig = { text, values: values.map(plainly) };
    const name = planning === 'kept' ? this.nameOf(text) : undefined;
    if (name) query.name = name;
    let result: pg.QueryResult;
    try {
      result = await this.send(query);
    } catch (error) {
      result = await this.sendAgain(query, error);
    }
    if (this.meter?.isHuge) await this.meter.turn();
    return result.rows as Row[];
  }

  /** A deadlock has undone the whole statement, so it may simply be sent again. */
  private async sendAgain(query: pg.QueryConfig, failure: unknown): Promise<pg.QueryResult> {
    try {
      if (!isDeadlock(failure)) throw failure;
      return await this.send(query);
    } catch (error) {
      this.onFailure(error);
      throw error;
    }
  }

  private send(query: pg.QueryConfig): Promise<pg.QueryResult> {
    const { meter } = this;
    return meter?.isRunning || meter?.endedBy ? sendMetered(this.pool, query, meter) : this.pool.query(query);
  }

  /** @returns the first row, if there is one */
  async row<Row>(
    text: string,
    values: readonly SqlValue[] = [],
    planning: Planning = 'kept',
  ): Promise<Row | undefined> {
    return (await this.rows<Row>(text, values, planning))[0];
  }

  /** Gives up every connection: what is under way on them fails, and what comes next makes new ones. */
  dropConnections(): void {
    this.sockets.dropAll();
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  /** Undefined, so not prepared, for what comes after a bound that no honest client reaches. */
  private nameOf(text: string): string | undefined {
    const known = this.names.get(text);
    if (known || this.names.size >= mostPrepared) return known;
    const name = `s${this.names.size}`;
    this.names.set(text, name);
    return name;
  }
}
