import pg from 'pg';
import { seconds } from '../clock.js';
import type { Meter } from '../operations/meter.js';
import type { Work } from '../operations/work.js';
import { isDeadlock } from './connection-failure.js';
import { connectTime, DatabaseSockets, keepAlive } from './database-sockets.js';
import type { EndedStatement } from './ended-statement.js';
import { brokenOff, sendMetered } from './metered-query.js';
import { plainly, type SqlValue, typeParsers } from './sql-values.js';
import { StatementTimes } from './statement-times.js';

/**
 * How PostgreSQL plans a statement. `kept`: prepared once per connection; after some executions PostgreSQL may use one
 * generic plan for all values. `fresh`: planned for each execution, for statements whose best plan depends on the
 * values.
 */
export type Planning = 'kept' | 'fresh';

/** Most texts that are prepared; a bound on the memory of each connection. */
const mostPrepared = 500;

/**
 * Lock timeout in milliseconds. Shorter than every statement timeout, so that waiting for a lock has its own SQLSTATE.
 */
export const longestLockWait = seconds(10);
const longestStatement = seconds(15);
const longestIdle = longestStatement;
/** Longer than the statement timeout and the pool's idle timeout: such a connection has lost the server's answer. */
const longestSilence = longestStatement + seconds(2);

/**
 * Statements that return plain rows. Entities cost about ten times the CPU of a hand-written statement, so lists and
 * everything that runs with each request read through here; what belongs together is written in a `Transaction`.
 *
 * @example
 * const rows = await sql.rows<{ id: string }>('select id from users where username = $1', [username]);
 */
export class Sql {
  /** For libraries that send their own statements. */
  readonly pool: pg.Pool;
  readonly times: StatementTimes;
  private readonly counter = { sent: 0 };
  private readonly names = new Map<string, string>();
  private readonly sockets = new DatabaseSockets(longestSilence);
  private meter: Meter | undefined;
  private work: Work | undefined;

  /**
   * @param size connections in the pool
   * @param onError called when an idle connection breaks
   * @param onFailure called with the error of each failed statement
   * @param onSlow called with each statement that took more than a second
   */
  constructor(
    connectionString: string,
    size: number,
    onError: (error: Error) => void,
    private readonly onFailure: (error: unknown) => void = () => undefined,
    onSlow?: (statement: EndedStatement) => void,
  ) {
    this.times = new StatementTimes(onSlow);
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
      types: typeParsers,
    });
    // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
    this.pool.on('error', onError);
    this.pool.on('connect', (connection) => this.times.watch(connection));
  }

  /** Statements sent so far; for tests and benchmarks. */
  get sent(): number {
    return this.counter.sent;
  }

  /** The same pool for one operation: what it reads counts towards the meter, and its statements end with it. */
  within(meter: Meter): Sql {
    const scoped: Sql = Object.create(this);
    scoped.meter = meter;
    return scoped;
  }

  /** The same pool for a job. */
  for(work: Work): Sql {
    const scoped: Sql = Object.create(this);
    scoped.work = work;
    return scoped;
  }

  /**
   * Sends a statement, and a second time after a deadlock.
   * @param text a constant, or composed of constants; must never contain a caller's value. Each text is prepared once
   *   per connection and kept, unless `planning` is `fresh`
   * @returns plain rows, one property per selected column
   * @throws the driver's error, or the reason for which the operation of the meter ended
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
    if (this.meter?.isHuge) await this.meter.slot();
    return result.rows as Row[];
  }

  /**
   * After a deadlock PostgreSQL has rolled the whole statement back, so it can be sent again. Any other error is
   * thrown.
   */
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
    const { meter, work } = this;
    if (meter?.isRunning || meter?.endedBy) return sendMetered(this.pool, query, meter);
    return work ? this.sendFor(work, query) : this.pool.query(query);
  }

  private async sendFor(work: Work, query: pg.QueryConfig): Promise<pg.QueryResult> {
    const connection = await this.pool.connect();
    const use = this.times.useOf(connection);
    use.work = work;
    connection.on('error', brokenOff);
    let failure: Error | undefined;
    try {
      return await connection.query(query);
    } catch (error) {
      failure = error as Error;
      throw error;
    } finally {
      use.work = undefined;
      connection.release(failure);
      connection.removeListener('error', brokenOff);
    }
  }

  /** @returns the first row, or undefined; see `rows` */
  async row<Row>(
    text: string,
    values: readonly SqlValue[] = [],
    planning: Planning = 'kept',
  ): Promise<Row | undefined> {
    return (await this.rows<Row>(text, values, planning))[0];
  }

  /** Destroys every connection. Running statements fail; later ones open new connections. */
  dropConnections(): void {
    this.sockets.dropAll();
  }

  close(): Promise<void> {
    return this.pool.end();
  }

  /** The name of the prepared statement. Undefined, so not prepared, once 500 texts have a name. */
  private nameOf(text: string): string | undefined {
    const known = this.names.get(text);
    if (known || this.names.size >= mostPrepared) return known;
    const name = `s${this.names.size}`;
    this.names.set(text, name);
    return name;
  }
}
