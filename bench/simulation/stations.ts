import { percentile } from '../statistics.js';
import type { Engine } from './engine.js';

interface Visit {
  readonly time: number;
  readonly from: number;
  readonly then: () => void;
}

/** Where work waits for its turn. */
export abstract class Station {
  protected readonly line: Visit[] = [];
  private head = 0;
  private busyTime = 0;
  private readonly waits: number[] = [];
  longest = 0;

  constructor(
    protected readonly engine: Engine,
    readonly name: string,
    readonly servers: number,
  ) {}

  /** @param time of service, in milliseconds */
  visit(time: number, then: () => void): void {
    this.line.push({ time, from: this.engine.now, then });
    this.serve();
    this.longest = Math.max(this.longest, this.waiting);
  }

  get waiting(): number {
    return this.line.length - this.head;
  }

  /** Forgets what was measured so far: the beginning, when nothing waited yet. */
  measure(): void {
    this.busyTime = 0;
    this.waits.length = 0;
    this.longest = 0;
  }

  /** Share of the time in which a server is busy. */
  utilisation(elapsed: number): number {
    return this.busyTime / elapsed / this.servers;
  }

  /** The same as far as it grows with the work: at 1 queues grow for ever. */
  load(elapsed: number): number {
    return this.utilisation(elapsed);
  }

  wait(share: number): number {
    return this.waits.length === 0 ? 0 : percentile(this.waits, share);
  }

  protected abstract serve(): void;

  protected next(): Visit | undefined {
    const visit = this.line[this.head];
    if (!visit) return undefined;
    this.head += 1;
    if (this.head > 1000 && this.head * 2 > this.line.length) {
      this.line.splice(0, this.head);
      this.head = 0;
    }
    this.waits.push(this.engine.now - visit.from);
    return visit;
  }

  protected took(time: number): void {
    this.busyTime += time;
  }
}

/** Serves one after another, so many at once. */
export class Queue extends Station {
  private busy = 0;

  protected serve(): void {
    while (this.busy < this.servers) {
      const visit = this.next();
      if (!visit) return;
      this.busy += 1;
      this.took(visit.time);
      this.engine.after(visit.time, () => {
        this.busy -= 1;
        visit.then();
        this.serve();
      });
    }
  }
}

/** Serves all that wait at once: it takes a time of its own, and that of each. A flush of the log, or a batch of events. */
export class Batch extends Station {
  private isBusy = false;
  private workTime = 0;

  constructor(
    engine: Engine,
    name: string,
    private readonly each: number,
    private readonly most: number,
  ) {
    super(engine, name, 1);
  }

  override measure(): void {
    super.measure();
    this.workTime = 0;
  }

  /** Its own time is shared by more, the more wait. */
  override load(elapsed: number): number {
    return this.workTime / elapsed;
  }

  protected serve(): void {
    if (this.isBusy || this.waiting === 0) return;
    this.isBusy = true;
    const visits: Visit[] = [];
    while (visits.length < this.most) {
      const visit = this.next();
      if (!visit) break;
      visits.push(visit);
    }
    const work = visits.reduce((sum, visit) => sum + visit.time, 0);
    const time = this.each + work;
    this.workTime += work;
    this.took(time);
    this.engine.after(time, () => {
      this.isBusy = false;
      for (const { then } of visits) then();
      this.serve();
    });
  }
}
