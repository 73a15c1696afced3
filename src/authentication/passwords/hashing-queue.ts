import pLimit from 'p-limit';
import type { Config } from '../../config.js';
import { unavailable } from '../../errors.js';
import { Distribution } from '../../operations/distribution.js';
import { during, type Span } from '../../operations/span.js';

/** In seconds. */
const waits = [0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Runs few hash computations at a time, because they share a thread pool with files, DNS and signatures. The queue is
 * bounded.
 */
export class HashingQueue {
  /** How long computations waited for their turn, in seconds. */
  readonly waits = new Distribution(waits);
  /** Computations refused because the queue was full. */
  refused = 0;
  private readonly limit: ReturnType<typeof pLimit>;

  constructor(private readonly bounds: Config['hashing']) {
    this.limit = pLimit(bounds.concurrency);
  }

  /**
   * @param span of what it is done for
   * @throws SERVICE_UNAVAILABLE when the queue is full, or the error of the work
   */
  run<T>(work: () => Promise<T>, span?: Span): Promise<T> {
    if (this.limit.pendingCount >= this.bounds.queue) {
      this.refused += 1;
      return Promise.reject(unavailable());
    }
    const askedAt = performance.now();
    return this.limit(() => {
      this.waits.note((performance.now() - askedAt) / 1000);
      span?.begin({ name: 'wait for hashing', from: askedAt }).end();
      return during(span?.begin({ name: 'hashing' }), work);
    });
  }

  /** Computations that wait for their turn. */
  get waiting(): number {
    return this.limit.pendingCount;
  }
}
