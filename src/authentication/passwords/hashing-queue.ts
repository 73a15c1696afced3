import type { Config } from '../../config.js';
import { unavailable } from '../../errors.js';
import { Distribution } from '../../operations/distribution.js';
import { during, type Span } from '../../operations/span.js';
import { WaitingLine } from './waiting-line.js';

/** In seconds. */
const waits = [0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Share of the newest duration in their running mean, which so forgets a slow one within some thirty. */
const newest = 1 / 16;

/** For whom a hash is computed. */
export interface HashedFor {
  /** Of what it is done for. */
  readonly span?: Span | undefined;
  /** Id of the account whose owner the service knows, by a session or a device, and serves before strangers. */
  readonly account?: string | undefined;
}

/**
 * Runs few hash computations at a time, because they share a thread pool with files, DNS and signatures. Those known to
 * the service go before strangers. Whoever would wait too long is refused at once, and told when to come again.
 */
export class HashingQueue {
  /** How long computations waited for their turn, in seconds; those that did not wait too. */
  readonly waits = new Distribution(waits);
  /** Computations refused because too many waited, or for too long. */
  refused = 0;
  private readonly line = new WaitingLine<() => void>();
  private running = 0;
  /** Running mean of what a computation takes, in milliseconds; 0 before the first. */
  private duration = 0;

  /** @param now monotonic, in milliseconds */
  constructor(
    private readonly bounds: Config['hashing'],
    private readonly now = () => performance.now(),
  ) {}

  /**
   * @throws SERVICE_UNAVAILABLE when the queue is full or the expected wait too long, with the seconds of that wait as
   *   `retryAfter`; or the error of the work
   */
  async run<T>(work: () => Promise<T>, { span, account }: HashedFor = {}): Promise<T> {
    const askedAt = this.now();
    if (this.running < this.bounds.concurrency) this.running += 1;
    else await this.turn(account);
    const begunAt = this.now();
    try {
      this.waits.note((begunAt - askedAt) / 1000);
      span?.begin({ name: 'wait for hashing', from: askedAt }).end();
      return await during(span?.begin({ name: 'hashing' }), work);
    } finally {
      this.noteDuration(this.now() - begunAt);
      this.giveTurn();
    }
  }

  /**
   * Refuses what would be refused by `run` now, before anything is done for it.
   * @throws SERVICE_UNAVAILABLE as `run` does
   */
  assertRoom(account?: string): void {
    if (this.running < this.bounds.concurrency) return;
    const wait = this.expectedWait(account);
    // One that is next is never refused: otherwise hashes slower than the bound would be refused for ever.
    const isTooLong = this.line.ahead(account) > 0 && wait > this.bounds.longestWait;
    if (!isTooLong && this.line.size < this.bounds.queue) return;
    this.refused += 1;
    throw unavailable(Math.max(1, Math.ceil(wait / 1000)));
  }

  /** Computations that wait for their turn. */
  get waiting(): number {
    return this.line.size;
  }

  /** In milliseconds, for one that would come now while all turns are taken. Of those running, one takes its full time. */
  private expectedWait(account: string | undefined): number {
    return ((this.line.ahead(account) + 1) * this.duration) / this.bounds.concurrency;
  }

  private turn(account: string | undefined): Promise<void> {
    this.assertRoom(account);
    return new Promise((resolve) => this.line.add(resolve, account));
  }

  /** To the next in line, or back. */
  private giveTurn(): void {
    const begin = this.line.next();
    if (begin) begin();
    else this.running -= 1;
  }

  private noteDuration(took: number): void {
    this.duration = this.duration === 0 ? took : this.duration + (took - this.duration) * newest;
  }
}
