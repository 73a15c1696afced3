import { type EntityManager, type EventSubscriber, MikroORM } from '@mikro-orm/postgresql';
import { seconds } from '../clock.js';
import type { Logger } from '../operations/logging.js';
import { isDeadlock } from './connection-failure.js';
import { migrate } from './migrate.js';
import { ormOptions } from './orm.js';
import { prepareDatabase } from './prepare-database.js';
import { longestLockWait, Sql } from './sql.js';
import { WriteWatch } from './write-watch.js';

export type { EntityManager };

/** What the driver has to say goes to the log, never to the console; a statement that hangs gives its connection back. */
const quietDriver = (connectionString: string, log: Logger) => {
  const note = (message: unknown) => log.debug({ reason: /^[\w ]*/.exec(String(message))?.[0] }, 'database driver');
  return {
    logger: note,
    driverOptions: {
      acquireConnectionTimeout: seconds(5),
      connection: {
        // Its parameters count as they do for the other connections.
        connectionString,
        statement_timeout: seconds(30),
        lock_timeout: longestLockWait,
        application_name: 'gatehouse-writes',
        keepAlive: true,
      },
      log: { debug: note, warn: note, error: note, deprecate: note },
    },
  };
};

/** Of transactions that got in each other's way, one is undone by PostgreSQL and may begin again. */
const mostTries = 3;

/** The one database: entities for writes, plain rows for reads. */
export class Database {
  private constructor(
    readonly url: string,
    private readonly orm: MikroORM,
    readonly sql: Sql,
    readonly writes: WriteWatch,
  ) {}

  /** Connects and brings the schema up to date. @throws UnusableDatabaseError */
  static async open(
    url: string,
    poolSize: number,
    log: Logger,
    subscribers: EventSubscriber[] = [],
  ): Promise<Database> {
    await prepareDatabase(url, log);
    const orm = await MikroORM.init({ ...ormOptions(url, poolSize), ...quietDriver(url, log), subscribers });
    try {
      await migrate(orm, url);
    } catch (error) {
      await orm.close(true);
      throw error;
    }
    const broke = (error: Error) => log.warn({ reason: error.message }, 'A database connection broke');
    const sql: Sql = new Sql(url, poolSize, broke, (error) => writes.note(error));
    const writes = new WriteWatch(sql, log);
    return new Database(url, orm, sql, writes);
  }

  /** Runs the work in one transaction on a fresh identity map; any error undoes all of it. The work may be run again, so it changes nothing else. */
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

  async close(): Promise<void> {
    await Promise.all([this.orm.close(true), this.sql.close()]);
  }

  private async attempt<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    // Not `transactional`: it runs in an AsyncLocalStorage, which slows every promise of the process from then on.
    const em = this.orm.em.fork();
    await em.begin();
    try {
      const result = await work(em);
      await em.commit();
      return result;
    } catch (error) {
      // Where the connection is gone there is nothing to roll back, and the first error tells why.
      await em.rollback().catch(() => undefined);
      throw error;
    }
  }
}
