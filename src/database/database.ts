import { EventEmitter } from 'node:events';
import { MikroORM } from '@mikro-orm/postgresql';
import { type Clock, seconds, systemClock } from '../clock.js';
import type { Logger } from '../operations/logging.js';
import type { Meter } from '../operations/meter.js';
import { during } from '../operations/span.js';
import { partOf, type Work } from '../operations/work.js';
import { cancelOnEnd } from './cancel-on-end.js';
import { wasCommitted } from './commit-outcome.js';
import { isConnectionFailure, isDeadlock } from './connection-failure.js';
import { DatabaseSockets } from './database-sockets.js';
import { migrate } from './migrate.js';
import { type Entities, ormOptions } from './orm.js';
import { driverOptions } from './orm-driver.js';
import { flushPlainly } from './plain-flush.js';
import { type Pools, poolsOf } from './pool-use.js';
import { prepareDatabase } from './prepare-database.js';
import { logSlow } from './slow-statements.js';
import { type Route, Sql } from './sql.js';
import { keepsParameters } from './start-parameters.js';
import { StatementTexts } from './statement-texts.js';
import { StatementTimes } from './statement-times.js';
import { limitsOfTransactions, settingLimits, withoutLimits } from './time-limits.js';
import { Transaction } from './transaction.js';
import { WriteWatch } from './write-watch.js';

/** Longer than the statement timeout and the 30 seconds after which the pool closes an idle connection. */
const longestSilence = limitsOfTransactions.statement_timeout + seconds(2);
/** How long `close` waits for connections to end in good order. */
const leaveTime = seconds(2);

/** The span of BEGIN contains the wait for a connection. */
const beginAttributes = { 'db.system.name': 'postgresql', 'db.operation.name': 'BEGIN', 'db.query.summary': 'BEGIN' };

/** How often a transaction is started in all when PostgreSQL rolls it back to resolve a deadlock. */
const mostTries = 3;

const begin = `select set_config('gatehouse.now', $1, true), pg_current_xact_id()::text as id`;
/** Every process hears of it when the transaction is committed, and not otherwise. */
const tellOfWriter = `gatehouse_tell('wrote', $2::text)`;

/** How a transaction begins and ends. */
export interface TransactionTerms {
  /** SQL expressions that its first statement evaluates, such as a lock to wait for. A constant; default: none. */
  readonly first?: string;
  /** Whether listeners of `onCommit` are told of its commit; default: true. */
  readonly isTold?: boolean;
}

/** Where connections do not start with time limits. */
const beginLimited = (url: string) => `${begin}, ${settingLimits(limitsOfTransactions, url)}`;
/** Whose transactions are told to every process, so that this user is shown them; see replicas/. */
export interface Writer {
  readonly userId: string;
  /** Called after each commit. */
  committed(): void;
}

/** The service's PostgreSQL database: transactions for what is written, plain rows for what is read. */
export class Database {
  private meter: Meter | undefined;
  private work: Work | undefined;
  private writer: Writer | undefined;
  private listsAt: Sql | undefined;
  private readonly commits = new EventEmitter().setMaxListeners(0);
  /** The first statement of each transaction. */
  private readonly begin: string;

  private constructor(
    readonly url: string,
    private readonly orm: MikroORM,
    readonly sql: Sql,
    readonly writes: WriteWatch,
    private readonly clock: Clock,
    private readonly sockets: DatabaseSockets,
    /** Of the statements of transactions. */
    readonly times: StatementTimes,
    private readonly texts: StatementTexts,
    /** Whether the server sees the parameters with which connections start; false behind some poolers. */
    readonly keepsParameters: boolean,
  ) {
    this.begin = keepsParameters ? begin : beginLimited(url);
  }

  /** The same database for one operation: what it reads counts towards the meter, and its statements end with it. */
  within(meter: Meter, writer?: Writer): Database {
    const own = { meter, work: meter.work, writer, sql: this.sql.within(meter) };
    return Object.assign<Database, object>(Object.create(this), own);
  }

  /** For lists and searches: may be a replica, which does not have the latest changes of others. */
  get lists(): Sql {
    return this.listsAt ?? this.sql;
  }

  /** Has the lists of this operation read elsewhere. Call it on a database that belongs to one operation. */
  readListsFrom(route: Route): void {
    this.listsAt = this.sql.through(route);
  }

  /** The same database for a job. */
  for(work: Work): Database {
    return Object.assign<Database, object>(Object.create(this), { work, sql: this.sql.for(work) });
  }

  /** The same database, whose transactions are parts of this one: they are committed with it, or not at all. */
  joining(tx: Transaction): Database {
    const transaction: Database['transaction'] = async (work, { first } = {}) => {
      if (first) await tx.rows(`select ${first}`);
      const result = await work(tx);
      // The next part may read by a statement what this one has written as an entity.
      await tx.em.flush();
      return result;
    };
    return Object.assign<Database, object>(Object.create(this), { transaction });
  }

  /**
   * Connects, creates a missing database and brings the schema up to date.
   * @param poolSize connections in each of two pools, one for writes and one for reads
   * @throws UnusableDatabaseError when the database exists but cannot be used
   */
  static async open(
    url: string,
    poolSize: number,
    log: Logger,
    entities: Entities,
    /** Source of the timestamps that database triggers record. */
    clock: Clock = systemClock,
  ): Promise<Database> {
    const first = await prepareDatabase(url, log);
    const isTold = await keepsParameters(first);
    await migrate(first, url);
    const sockets = new DatabaseSockets(longestSilence);
    flushPlainly();
    const texts = new StatementTexts();
    const times = new StatementTimes(logSlow(log, 'transactions'), (text) => texts.of(text));
    const orm = await MikroORM.init({
      ...ormOptions(url, poolSize, entities),
      // The connection string goes in whole: its parameters (sslmode, options) apply as for the other connections.
      ...driverOptions(
        isTold ? { connectionString: url, ...limitsOfTransactions } : { connectionString: withoutLimits(url) },
        log,
        sockets,
        times,
      ),
    });
    texts.watch(orm.em.getPlatform());
    const broke = (error: Error) => log.warn({ reason: error.message }, 'A database connection broke');
    const sql: Sql = new Sql(url, poolSize, broke, {
      keepsParameters: isTold,
      onFailure: (error) => writes.note(error),
      onSlow: logSlow(log, 'reads'),
      onNamesLost: () =>
        log.info('The database is behind a pooler that does not keep prepared statements; none are named'),
    });
    const writes = new WriteWatch(sql, log);
    return new Database(url, orm, sql, writes, clock, sockets, times, texts, isTold);
  }

  /**
   * Runs the work in one transaction on a fresh identity map. Any error rolls it back and is rethrown. After a deadlock
   * the work runs again, up to three times in all, so it must have no effects outside the transaction. If the operation
   * ends before the commit, the transaction is rolled back and the meter's reason is thrown.
   * @example
   * await database.transaction(async (tx) => {
   *   const user = await tx.em.findOneOrFail(User, id);
   *   user.username = username;
   * });
   */
  async transaction<T>(work: (tx: Transaction) => Promise<T>, terms: TransactionTerms = {}): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.attempt(work, terms);
      } catch (error) {
        this.writes.note(error);
        if (!isDeadlock(error) || tries === mostTries) throw error;
      }
    }
  }

  /** @returns a function that removes the listener, which is called after each commit of this process */
  onCommit(listener: () => void): () => void {
    this.commits.on('commit', listener);
    return () => this.commits.off('commit', listener);
  }

  /** Call it after a statement that writes by itself, outside a transaction. */
  noteCommit(): void {
    this.commits.emit('commit');
  }

  get pools(): Pools {
    return poolsOf(this.orm, this.sql);
  }

  /** Destroys every connection. Running statements fail; later ones open new connections. */
  dropConnections(): void {
    this.sockets.dropAll();
    this.sql.dropConnections();
  }

  async close(): Promise<void> {
    const timer = setTimeout(() => this.dropConnections(), leaveTime);
    await Promise.all([this.orm.close(true), this.sql.close()]);
    clearTimeout(timer);
  }

  private attempt<T>(work: (tx: Transaction) => Promise<T>, terms: TransactionTerms): Promise<T> {
    const span = this.work?.span?.begin({ name: 'transaction', attributes: { 'db.system.name': 'postgresql' } });
    return during(span, () => this.transact(work, terms, partOf(this.work, span)));
  }

  /** @param purpose what the transaction is for */
  private async transact<T>(
    work: (tx: Transaction) => Promise<T>,
    { first, isTold = true }: TransactionTerms,
    purpose: Work | undefined,
  ): Promise<T> {
    // Not `transactional`: it runs in an AsyncLocalStorage, which slows every promise of the process from then on.
    const { meter } = this;
    const em = this.orm.em.fork();
    const beginning = purpose?.span?.begin({ name: 'BEGIN', kind: 'client', attributes: beginAttributes });
    await during(beginning, () => em.begin());
    const tx = await Transaction.on(em, this.texts, purpose);
    const binding = meter && cancelOnEnd(tx.connection, meter);
    const use = this.times.useOf(tx.connection);
    use.work = purpose;
    let [begun, before] = ['', use.ended];
    const count = () => meter?.noteTransaction(use.ended - before);
    let result: T;
    try {
      if (meter?.endedBy) throw meter.endedBy;
      begun = await this.begun(tx, first);
      before = use.ended;
      result = await work(tx);
      await tx.finish();
      tx.end();
      await em.flush();
      if (meter?.endedBy) throw meter.endedBy;
      await binding?.release();
      count();
    } catch (error) {
      tx.end();
      await binding?.release();
      count();
      // Without a connection there is nothing to roll back; the first error is the one to report.
      await em.rollback().catch(() => undefined);
      throw error;
    }
    await em.commit().catch(async (error: unknown) => {
      await em.rollback().catch(() => undefined);
      if (!isConnectionFailure(error) || !(await wasCommitted(this.sql, begun))) throw error;
    });
    if (isTold) this.noteCommit();
    this.writer?.committed();
    tx.committed();
    return result;
  }

  /** Passes the clock's time to the triggers of this transaction. @returns the transaction's id */
  private async begun(tx: Transaction, first: string | undefined): Promise<string> {
    const { writer } = this;
    const text = [this.begin, ...(writer ? [tellOfWriter] : []), ...(first ? [first] : [])].join(', ');
    const row = await tx.row<{ id: string }>(text, [this.clock.now(), ...(writer ? [writer.userId] : [])]);
    if (!row) throw new Error('a select without a source has a row');
    return row.id;
  }
}
