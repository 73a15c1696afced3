/** Runs what happens in simulated time, in its order. Times are in milliseconds. */
export class Engine {
  now = 0;
  /** A binary heap by time: parallel arrays, since millions of steps pass through it. */
  private readonly times: number[] = [];
  private readonly steps: (() => void)[] = [];

  after(wait: number, step: () => void): void {
    let place = this.times.length;
    const time = this.now + wait;
    for (let parent = (place - 1) >> 1; place > 0 && (this.times[parent] as number) > time; parent = (place - 1) >> 1) {
      this.move(parent, place);
      place = parent;
    }
    this.times[place] = time;
    this.steps[place] = step;
  }

  run(until: number): void {
    while (this.times.length > 0 && (this.times[0] as number) <= until) {
      this.now = this.times[0] as number;
      const step = this.steps[0] as () => void;
      this.removeFirst();
      step();
    }
    this.now = until;
  }

  private removeFirst(): void {
    const time = this.times.pop() as number;
    const step = this.steps.pop() as () => void;
    const size = this.times.length;
    if (size === 0) return;
    let place = 0;
    for (let child = 1; child < size; child = 2 * place + 1) {
      if (child + 1 < size && (this.times[child + 1] as number) < (this.times[child] as number)) child += 1;
      if ((this.times[child] as number) >= time) break;
      this.move(child, place);
      place = child;
    }
    this.times[place] = time;
    this.steps[place] = step;
  }

  private move(from: number, to: number): void {
    this.times[to] = this.times[from] as number;
    this.steps[to] = this.steps[from] as () => void;
  }
}

/** Repeats the same numbers in each run (mulberry32), so that a run can be repeated. @returns numbers from 0 to below 1 */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
