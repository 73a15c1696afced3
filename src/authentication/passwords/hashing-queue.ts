import pLimit from 'p-limit';
import type { Config } from '../../config.js';
import { unavailable } from '../../errors.js';

/**
 * Runs few hash computations at a time, because they share a thread pool with files, DNS and signatures. The queue is
 * bounded.
 */
export class HashingQueue {
  private readonly limit: ReturnType<typeof pLimit>;

  constructor(private readonly bounds: Config['hashing']) {
    this.limit = pLimit(bounds.concurrency);
  }

  /** @throws SERVICE_UNAVAILABLE when the queue is full, or the error of the work */
  run<T>(work: () => Promise<T>): Promise<T> {
    if (this.limit.pendingCount >= this.bounds.queue) return Promise.reject(unavailable());
    return this.limit(work);
  }
}
