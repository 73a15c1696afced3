import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Rate } from '../config.js';
import type { Sql } from '../database/sql.js';

/** Where one execution stands in its budget. */
export interface Place {
  /** From 1; above the budget's size it is used up. */
  readonly number: number;
  /** Until the budget is full again, in milliseconds. */
  readonly freshIn: number;
}

interface Waiting {
  readonly resolve: (place: Place) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Counts executions in the database, atomically. Those on one budget that come while a count is under way are counted
 * together by the next: many callers behind one address would otherwise queue for one row.
 */
export class BudgetCounter {
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
      // The sweep does it, in steps; the library would scan the table.
      clearExpiredByTimeout: false,
      keyPrefix: name,
      points: rate.points,
      duration: rate.seconds,
      // Once a budget is used up, the process that saw it refuses without asking the database.
      inMemoryBlockOnConsumed: rate.points + 1,
    });
  }

  take(budget: string): Promise<Place> {
    return new Promise((resolve, reject) => {
      const line = this.waiting.get(budget);
      if (line) return void line.push({ resolve, reject });
      this.waiting.set(budget, []);
      void this.countAll(budget, [{ resolve, reject }]);
    });
  }

  private async countAll(budget: string, first: Waiting[]): Promise<void> {
    for (let batch = first; batch.length > 0; batch = this.next(budget)) {
      try {
        const { consumedPoints, msBeforeNext } = await this.consume(budget, batch.length);
        const before = consumedPoints - batch.length;
        for (const [index, { resolve }] of batch.entries())
          resolve({ number: before + index + 1, freshIn: msBeforeNext });
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
  }

  /** Those who came meanwhile; when there are none, the line is closed. */
  private next(budget: string): Waiting[] {
    const batch = this.waiting.get(budget) ?? [];
    if (batch.length > 0) this.waiting.set(budget, []);
    else this.waiting.delete(budget);
    return batch;
  }

  private async consume(budget: string, count: number): Promise<RateLimiterRes> {
    try {
      return await this.counter.consume(budget, count);
    } catch (result) {
      // The library rejects with the count when the budget is used up, and with an Error when the count failed.
      if (!(result instanceof RateLimiterRes)) throw result;
      // A refusal out of the library's memory comes without the count.
      return result.consumedPoints > 0 ? result : Object.assign(result, { consumedPoints: this.rate.points + count });
    }
  }
}
