import { type HashedFor, HashingQueue } from '../../src/authentication/passwords/hashing-queue.js';

/** A queue that counts computations, and in which a test can make them fail. */
export class CountedHashing extends HashingQueue {
  computed = 0;
  /** Runs around the next computations. */
  around: <T>(work: () => Promise<T>) => Promise<T> = (work) => work();

  override run<T>(work: () => Promise<T>, whom?: HashedFor): Promise<T> {
    this.computed += 1;
    return super.run(() => this.around(work), whom);
  }

  /** @returns how many computations began while the work ran */
  async during(work: () => Promise<unknown>): Promise<number> {
    const before = this.computed;
    await work();
    return this.computed - before;
  }
}
