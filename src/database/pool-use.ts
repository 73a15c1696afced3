import type { MikroORM } from '@mikro-orm/postgresql';
import type { Sql } from './sql.js';

/** How the connections of a pool are used. */
interface PoolUse {
  /** Open ones. */
  readonly size: number;
  readonly idle: number;
  /** Those who wait for a connection. */
  readonly waiting: number;
}

/** The part of MikroORM's pool that is read here; its types leave it out. */
interface OrmPool {
  numUsed(): number;
  numFree(): number;
  numPendingAcquires(): number;
}

/** Those of transactions and of reads. */
export interface Pools {
  readonly transactions: PoolUse;
  readonly reads: PoolUse;
}

export function poolsOf(orm: MikroORM, sql: Sql): Pools {
  const { pool } = orm.em.getConnection().getKnex().client as { pool: OrmPool };
  const { totalCount, idleCount, waitingCount } = sql.pool;
  return {
    transactions: { size: pool.numUsed() + pool.numFree(), idle: pool.numFree(), waiting: pool.numPendingAcquires() },
    reads: { size: totalCount, idle: idleCount, waiting: waitingCount },
  };
}
