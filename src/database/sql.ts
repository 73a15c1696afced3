import pg from 'pg';
import { seconds } from '../clock.js';
import type { Meter } from '../operations/meter.js';
import type { Work } from '../operations/work.js';
import { isDeadlock, isNameLost } from './connection-failure.js';
import { connectTime, DatabaseSockets, keepAlive } from './database-sockets.js';
import { LimitedQuery, sendLimited } from './limited-query.js';
import { brokenOff, sendMetered } from './metered-query.js';
import { type SqlOptions, verifier } from './sql-options.js';
import { plainly, type SqlValue, typeParsers } from './sql-values.js';
import { StatementNames } from './statement-names.js';
import { StatementTimes } from './statement-times.js';
import { limitsOfReads, settingLimits, withoutLimits } from './time-limits.js';

/**
 * How PostgreSQL plans a statement. `kept`: prepared once per connection; after some executions PostgreSQL may use one
 * generic plan for all values. `fresh`: planned for each execution, for statements whose best plan depends on the
 * values.
 */
export type Planning = 'kept' | 'fresh';

const longestIdle = seconds(15);
/** Longer than the statement timeout and the pool's idle timeout: such a connection has lost the server's answer. */
const longestSilence = Math.max(limitsOfReads.statement_timeout, longestIdle) + seconds(2);

/** Where statements are sent in place of this pool. */
export interface Route {
  /** @returns the other pool; undefined: this one */
  place(): Promise<Sql | undefined>;
  /** @returns whether a statement that failed there is to be sent here */
  takesBack(error: unknown): boolean;
}

/** The driver reads instants in UTC faster than others. */
const settingTimeZone = `set_config('timezone', 'UTC', true)`;

/**
 * Statements that return plain rows. Entities cost about ten times the CPU of a hand-written statement, so lists and
 * everything that runs with each request read through here; what belongs together is written in a `Transaction`.
 *
 * @example
 * const rows = await sql.rows<{ id: string }>('select id from users where username = $1', [username]);
 */
export class Sql {
  /** For what needs a connection to itself. */
  readonly pool: pg.Pool;
  readonly times: StatementTimes;
  private readonly counter = { sent: 0 };
  private readonly names = new StatementNames();
  /** What each statement brings along. */
  private readonly settings: string | undefined;
  private readonly onFailure: (error: unknown) => void;
  private readonly onNamesLost: () => void;
  private readonly sockets = new DatabaseSockets(longestSilence);
  private meter: Meter | undefined;
  private work: Work | undefined;
  private route: Route | undefined;

  /**
   * @param size connections in the pool
   * @param onError called when an idle connection breaks
   */
  constructor(url: string, size: number, onError: (error: Error) => void, options: SqlOptions = {}) {
    const {
      keepsParameters = true,
      onFailure = () => undefined,
      onSlow,
      onNamesLost = () => undefined,
      verify,
    } = options;
    this.onFailure = onFailure;
    this.onNamesLost = onNamesLost;
    this.settings = keepsParameters ? undefined : `${settingLimits(limitsOfReads, url)}, ${settingTimeZone}`;
    this.times = new StatementTimes(onSlow);
    this.pool = new pg.Pool({
      ...(keepsParameters
        ? { connectionString: url, ...limitsOfReads, options: '-c timezone=UTC' }
        : { connectionString: withoutLimits(url) }),
      max: size,
      connectionTimeoutMillis: connectTime,
      idleTimeoutMillis: longestIdle,
      ...keepAlive,
      stream: this.sockets.make,
      application_name: 'gatehouse-reads',
      types: typeParsers,
      ...(verify && { verify: verifier(verify) }),
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

  /** The same pool for one operation, whose statements may be sent elsewhere. */
  through(route: Route): Sql {
    const scoped: Sql = Object.create(this);
    scoped.route = route;
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
    const rows = this.route && (await this.elsewhere<Row>(this.route, [text, values, planning]));
    if (rows) return rows;
    this.counter.sent += 1;
    const result = await this.query({ text, values: values.map(plainly) }, planning);
    if (this.meter?.isHuge) await this.meter.slot();
    return result.rows as Row[];
  }

  /** @returns undefined when the statement is to be sent here */
  private async elsewhere<Row>(route: Route, statement: Parameters<Sql['rows']>): Promise<Row[] | undefined> {
    const place = await route.place();
    try {
      return await place?.rows<Row>(...statement);
    } catch (error) {
      if (!route.takesBack(error)) throw error;
      return undefined;
    }
  }

  /**
   * Sends a statement as `rows` does, for libraries that take a client of the driver. Not counted in `sent`. A name of the
   * library's is not used.
   */
  async query({ text, values }: pg.QueryConfig, planning: Planning = 'kept'): Promise<pg.QueryResult> {
    const query: pg.QueryConfig = { text };
    if (values) query.values = values;
    const name = planning === 'kept' ? this.names.of(text) : undefined;
    if (name) query.name = name;
    try {
      return await this.send(query);
    } catch (error) {
      return await this.sendAgain(query, error);
    }
  }

  /**
   * After a deadlock PostgreSQL has rolled the whole statement back, and one whose name it does not know it has not begun:
   * both can be sent again. Any other error is thrown.
   */
  private async sendAgain(query: pg.QueryConfig, failure: unknown): Promise<pg.QueryResult> {
    try {
      if (query.name && isNameLost(failure)) return await this.sendWithoutName(query);
      if (!isDeadlock(failure)) throw failure;
      return await this.send(query);
    } catch (error) {
      this.onFailure(error);
      throw error;
    }
  }

  private sendWithoutName({ name: _, ...query }: pg.QueryConfig): Promise<pg.QueryResult> {
    if (this.names.giveUp()) this.onNamesLost();
    return this.send(query);
  }

  private send(query: pg.QueryConfig): Promise<pg.QueryResult> {
    const { meter, work, settings } = this;
    if (meter?.isRunning || meter?.endedBy) return sendMetered(this.pool, { config: query, settings }, meter);
    if (work) return this.sendFor(work, query);
    return this.sendOn(this.pool, query);
  }

  private sendOn(connection: Pick<pg.ClientBase, 'query'>, query: pg.QueryConfig): Promise<pg.QueryResult> {
    return this.settings ? sendLimited(connection, new LimitedQuery(query, this.settings)) : connection.query(query);
  }

  private async sendFor(work: Work, query: pg.QueryConfig): Promise<pg.QueryResult> {
    const connection = await this.pool.connect();
    const use = this.times.useOf(connection);
    use.work = work;
    connection.on('error', brokenOff);
    let failure: Error | undefined;
    try {
      return await this.sendOn(connection, query);
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
}
