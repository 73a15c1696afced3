import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Rate } from '../config.js';
import type { Sql } from '../database/sql.js';

/** One execution, as its rate limit has counted it. */
export interface CountedCall {
  /** Counted from 1; the execution exceeds the limit when this is larger than the limit's size. */
  readonly number: number;
  /** Time until the limit resets, in milliseconds. */
  readonly freshIn: number;
}

interface Waiting {
  readonly resolve: (counted: CountedCall) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Counts executions in the database, atomically. Calls for one key that arrive while a count is under way are counted
 * together by the next statement; otherwise many callers behind one address would queue for one row lock.
 */
export class RateCounter {
  private readonly counter: RateLimiterPostgres;
  private readonly waiting = new Map<string, Waiting[]>();

  constructor(
    name: string,
    private readonly rate: Rate,
    sql: Sql,
  ) {
    this.counter = new RateLimiterPostgres({
      storeClient: sql.pool,
      tableName: 'rate_limits',
      tableCreated: true,
      // The sweep deletes expired rows in batches; the library would scan the whole table.
      clearExpiredByTimeout: false,
      keyPrefix: name,
      points: rate.points,
      duration: rate.seconds,
      // Once a limit is reached, this process refuses further calls without asking the database.
      inMemoryBlockOnConsumed: rate.points + 1,
    });
  }

  /**
   * Counts one execution.
   * @param key key of the counter
   * @returns its number; rejects when the database fails
   */
  take(key: string): Promise<CountedCall> {
    return new Promise((resolve, reject) => {
      const line = this.waiting.get(key);
      if (line) return void line.push({ resolve, reject });
      this.waiting.set(key, []);
      void this.countAll(key, [{ resolve, reject }]);
    });
  }

  private async countAll(key: string, first: Waiting[]): Promise<void> {
    for (let batch = first; batch.length > 0; batch = this.next(key)) {
      try {
        const { consumedPoints, msBeforeNext } = await this.consume(key, batch.length);
        const before = consumedPoints - batch.length;
        for (const [index, { resolve }] of batch.entries())
          resolve({ number: before + index + 1, freshIn: msBeforeNext });
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
  }

  /** Takes the calls that arrived meanwhile. When there are none, the entry is removed and the loop ends. */
  private next(key: string): Waiting[] {
    const batch = this.waiting.get(key) ?? [];
    if (batch.length > 0) this.waiting.set(key, []);
    else this.waiting.delete(key);
    return batch;
  }

  private async consume(key: string, count: number): Promise<RateLimiterRes> {
    try {
      return await this.counter.consume(key, count);
    } catch (result) {
      // The library rejects with a result when the limit is reached, and with an Error when the count failed.
      if (!(result instanceof RateLimiterRes)) throw result;
      // A refusal from the library's memory carries no count.
      return result.consumedPoints > 0 ? result : Object.assign(result, { consumedPoints: this.rate.points + count });
    }
  }
}
