import type { EntityManager } from '@mikro-orm/postgresql';
import type pg from 'pg';
import type { Work } from '../operations/work.js';
import type { Cancellable } from './cancel.js';
import { plainly, type SqlValue, typeParsers } from './sql-values.js';
import type { StatementTexts } from './statement-texts.js';

/** The part of a knex transaction that MikroORM's types hide: the one connection that it uses. */
interface KnexTransaction {
  readonly client: { acquireConnection(): Promise<pg.ClientBase & Cancellable> };
}

/**
 * One transaction. Entities are written through `em`, which sends them at `em.flush()` and at the commit; statements
 * go through `rows` and `row`, in the dialect of `Sql` and at once.
 *
 * @example
 * await database.transaction(async (tx) => {
 *   const user = await tx.em.findOneOrFail(User, id);
 *   await tx.rows('delete from attempts where user_id = $1', [user.id]);
 *   user.isActive = true;
 * });
 */
export class Transaction {
  private isOver = false;
  private readonly beforehand: (() => Promise<unknown>)[] = [];
  private readonly afterwards: (() => void)[] = [];

  private constructor(
    readonly em: EntityManager,
    /** The connection that all statements of the transaction use. */
    readonly connection: pg.ClientBase & Cancellable,
    private readonly texts: StatementTexts,
    /** What it is for. */
    readonly work: Work | undefined,
  ) {}

  /** @param em a fork of its own, on which `begin()` has been called */
  static async on(em: EntityManager, texts: StatementTexts, work: Work | undefined): Promise<Transaction> {
    const { client } = em.getTransactionContext<KnexTransaction>() as KnexTransaction;
    return new Transaction(em, await client.acquireConnection(), texts, work);
  }

  /**
   * Sends a statement. Entities that have not been flushed are not sent before it.
   * @param text a constant, or composed of constants; must never contain a caller's value
   * @returns plain rows, one property per selected column
   * @throws the driver's error, or an Error when the transaction is over: the pool may have lent its connection again
   */
  async rows<Row>(text: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    if (this.isOver) throw new Error('The transaction is over');
    this.texts.noteConstant(text);
    const query = { text, values: values.map(plainly), types: typeParsers };
    return (await this.connection.query(query)).rows as Row[];
  }

  /** @returns the first row, or undefined; see `rows` */
  async row<Row>(text: string, values: readonly SqlValue[] = []): Promise<Row | undefined> {
    return (await this.rows<Row>(text, values))[0];
  }

  /** Calls the function before the commit, when the work is done. */
  beforeCommit(work: () => Promise<unknown>): void {
    this.beforehand.push(work);
  }

  /** Runs what was to be done before the commit. */
  async finish(): Promise<void> {
    for (const work of this.beforehand) await work();
  }

  /** Calls the function once the transaction is committed; never after a rollback. It must not throw. */
  afterCommit(work: () => void): void {
    this.afterwards.push(work);
  }

  /** Refuses further statements. Called before the commit or the rollback. */
  end(): void {
    this.isOver = true;
  }

  /** Runs what was to be done after the commit. */
  committed(): void {
    for (const work of this.afterwards) work();
  }
}
