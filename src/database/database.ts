import { setTimeout as sleep } from 'node:timers/promises';
import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { type Clock, seconds, systemClock } from '../clock.js';
import type { Logger } from '../operations/logging.js';
import type { Meter } from '../operations/meter.js';
import { cancelOnEnd } from './cancel-on-end.js';
import { isConnectionFailure, isDeadlock } from './connection-failure.js';
import { connectTime, DatabaseSockets, keepAlive } from './database-sockets.js';
import { migrate } from './migrate.js';
import { type Entities, ormOptions } from './orm.js';
import { prepareDatabase } from './prepare-database.js';
import { longestLockWait, Sql } from './sql.js';
import { WriteWatch } from './write-watch.js';

export type { EntityManager };

const longestStatement = seconds(30);
/** Between two statements of a transaction: the server must not keep the locks of a process that it cannot hear any more. */
const longestPause = seconds(20);
/** As long as the pool keeps a connection that nobody uses, and more than the server takes to end a statement. */
const longestSilence = longestStatement + seconds(2);
/** For those under way to take their leave of the database, which may have gone silent. */
const leaveTime = seconds(2);

/** What the driver has to say goes to the log, never to the console; a statement that hangs gives its connection back. */
const driverOptions = (connectionString: string, log: Logger, sockets: DatabaseSockets) => {
  const note = (message: unknown) => log.debug({ reason: /^[\w ]*/.exec(String(message))?.[0] }, 'database driver');
  return {
    logger: note,
    driverOptions: {
      acquireConnectionTimeout: connectTime,
      connection: {
        // Its parameters count as they do for the other connections.
        connectionString,
        connectionTimeoutMillis: connectTime,
        statement_timeout: longestStatement,
        lock_timeout: longestLockWait,
        idle_in_transaction_session_timeout: longestPause,
        application_name: 'gatehouse-writes',
        ...keepAlive,
        stream: sockets.make,
      },
      log: { debug: note, warn: note, error: note, deprecate: note },
    },
  };
};

/** Of transactions that got in each other's way, one is undone by PostgreSQL and may begin again. */
const mostTries = 3;

const begin = `select set_config('gatehouse.now', ?, true), pg_current_xact_id()::text as id`;
const outcome = 'select pg_xact_status($1::text::xid8) as status';
/** How long the outcome of a transaction is asked for, and how often; in milliseconds. */
const outcomePatience = seconds(10);
const outcomePause = 100;

/** The one database: entities for writes, plain rows for reads. */
export class Database {
  private meter: Meter | undefined;

  private constructor(
    readonly url: string,
    private readonly orm: MikroORM,
    readonly sql: Sql,
    readonly writes: WriteWatch,
    private readonly clock: Clock,
    private readonly sockets: DatabaseSockets,
  ) {}

  /** The same database for one operation: what it reads is counted, and its statements end with it. */
  within(meter: Meter): Database {
    return Object.assign<Database, object>(Object.create(this), { meter, sql: this.sql.within(meter) });
  }

  /** Connects and brings the schema up to date. @throws UnusableDatabaseError */
  static async open(
    url: string,
    poolSize: number,
    log: Logger,
    entities: Entities,
    /** Tells when changes have happened, for what the database writes down about them by itself. */
    clock: Clock = systemClock,
  ): Promise<Database> {
    await migrate(await prepareDatabase(url, log), url);
    const sockets = new DatabaseSockets(longestSilence);
    const orm = await MikroORM.init({ ...ormOptions(url, poolSize, entities), ...driverOptions(url, log, sockets) });
    const broke = (error: Error) => log.warn({ reason: error.message }, 'A database connection broke');
    const sql: Sql = new Sql(url, poolSize, broke, (error) => writes.note(error));
    const writes = new WriteWatch(sql, log);
    return new Database(url, orm, sql, writes, clock, sockets);
  }

  /**
   * Runs the work in one transaction on a fresh identity map; any error undoes all of it. The work may be run again, so it
   * changes nothing else. Where the operation has ended before the commit, nothing is changed.
   */
  async transaction<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.attempt(work);
      } catch (error) {
        this.writes.note(error);
        if (!isDeadlock(error) || tries === mostTries) throw error;
      }
    }
  }

  /** Gives up every connection: what is under way on them fails, and what comes next makes new ones. */
  dropConnections(): void {
    this.sockets.dropAll();
    this.sql.dropConnections();
  }

  async close(): Promise<void> {
    const impatience = setTimeout(() => this.dropConnections(), leaveTime);
    await Promise.all([this.orm.close(true), this.sql.close()]);
    clearTimeout(impatience);
  }

  private async attempt<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    // Not `transactional`: it runs in an AsyncLocalStorage, which slows every promise of the process from then on.
    const { meter } = this;
    const em = this.orm.em.fork();
    await em.begin();
    const binding = meter && (await cancelOnEnd(em, meter));
    let begun: string;
    let result: T;
    try {
      if (meter?.endedBy) throw meter.endedBy;
      begun = await this.begun(em);
      result = await work(em);
      await em.flush();
      if (meter?.endedBy) throw meter.endedBy;
      await binding?.release();
    } catch (error) {
      await binding?.release();
      // Where the connection is gone there is nothing to roll back, and the first error tells why.
      await em.rollback().catch(() => undefined);
      throw error;
    }
    await em.commit().catch(async (error: unknown) => {
      await em.rollback().catch(() => undefined);
      if (!isConnectionFailure(error) || !(await this.wasCommitted(begun))) throw error;
    });
    return result;
  }

  /** Tells the transaction which instant it is. @returns its id */
  private async begun(em: EntityManager): Promise<string> {
    const [row]: { id: string }[] = await em.execute(begin, [this.clock.now().toISOString()]);
    if (!row) throw new Error('a select without a source has a row');
    return row.id;
  }

  /**
   * Whether a transaction happened although its COMMIT was not answered: asked over other connections, for some
   * seconds. Without it the caller would be told to try again, and would meet what they have just made themself.
   */
  private async wasCommitted(id: string): Promise<boolean> {
    for (const end = performance.now() + outcomePatience; performance.now() < end; await sleep(outcomePause)) {
      const row = await this.sql.row<{ status: string | null }>(outcome, [id]).catch(() => undefined);
      if (row && row.status !== 'in progress') return row.status === 'committed';
    }
    return false;
  }
}
