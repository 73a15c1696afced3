import type { AddCalls } from './rate-counts.js';

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
 * Counts executions, atomically. Calls for one key that arrive while a count is under way are counted together by the
 * next step; otherwise many callers behind one address would queue for one row lock.
 */
export class RateCounter {
  private readonly waiting = new Map<string, Waiting[]>();

  constructor(private readonly add: AddCalls) {}

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
        const { calls, freshIn } = await this.add(key, batch.length);
        const before = calls - batch.length;
        for (const [index, { resolve }] of batch.entries()) resolve({ number: before + index + 1, freshIn });
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
}
