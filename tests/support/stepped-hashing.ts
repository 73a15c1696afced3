import type { CountedHashing } from './counted-hashing.js';
import { eventually } from './eventually.js';

/** Holds hash computations, which then run one at a time as a test says. */
export class SteppedHashing {
  private readonly held: (() => void)[] = [];

  constructor(private readonly hashing: CountedHashing) {
    hashing.around = async (work) => {
      await new Promise<void>((resolve) => this.held.push(resolve));
      return work();
    };
  }

  /** Waits until this many wait behind the one that is held. */
  async filled(waiting: number): Promise<void> {
    await eventually(() => this.held.length > 0 && this.hashing.waiting === waiting);
  }

  /** Lets one computation happen, and waits until it has given its turn on. */
  async step(): Promise<void> {
    await eventually(() => this.held.length > 0);
    const before = this.hashing.waiting;
    this.held.shift()?.();
    await eventually(() => before === 0 || this.hashing.waiting < before);
  }

  /** Lets all go on. */
  release(): void {
    this.hashing.around = (work) => work();
    for (const resume of this.held.splice(0)) resume();
  }
}
