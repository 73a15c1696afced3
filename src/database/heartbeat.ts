import { setTimeout as sleep } from 'node:timers/promises';

/** All in milliseconds. */
const pause = 250;
/** After so many pauses without its heartbeat a line is given up. Counted, not timed: a process that stands still has not waited. */
const mostPauses = 8;
/** How long somebody waits for a heartbeat that is late, counted alike. */
const patience = { most: 5, pause: 50 } as const;
/** A line that has been silent for longer is not believed, although it may come back. */
export const longestSilence = 750;

/** Why a line is over. `unheard`: the database answers, and notifications do not come. */
export type Loss = 'broken' | 'silent' | 'unheard';

export interface Pulse {
  /** Resolves when the database has answered anything. */
  readonly probe: () => Promise<void>;
  /** Sends a notification that is to come round. */
  readonly send: (id: string) => Promise<unknown>;
  readonly onLoss: (loss: Loss) => void;
}

interface Beat {
  readonly id: string;
  /** On the process's own monotonic clock. */
  readonly sentAt: number;
  /** Resolves when it has come round, or the line is over. */
  readonly round: Promise<void>;
  readonly end: () => void;
  pauses: number;
  isAnswered: boolean;
}

/**
 * Proves again and again that notifications come round. They come in the order of commits, so with each
 * heartbeat everything has been heard that was committed before it was sent.
 */
export class Heartbeat {
  /** When the last heartbeat was sent that has come round. */
  private heardAt = Number.NEGATIVE_INFINITY;
  private count = 0;
  private pending: Beat | undefined;
  private proof: Promise<boolean> | undefined;
  /** Set while heartbeats do not come in time to those who ask for one: then nobody waits. */
  private isLate = false;
  isOver = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly lineId: string,
    private readonly pulse: Pulse,
  ) {}

  get isFresh(): boolean {
    return performance.now() - this.heardAt < longestSilence;
  }

  /** Resolves when the first heartbeat has come round, or the line is lost. */
  start(): Promise<void> {
    this.timer = setInterval(() => this.tick(), pause);
    return this.beat().round;
  }

  stop(): void {
    this.isOver = true;
    clearInterval(this.timer);
    this.pending?.end();
  }

  hear(id: string): void {
    const { pending } = this;
    if (id !== pending?.id) return;
    this.heardAt = pending.sentAt;
    this.isLate = false;
    this.pending = undefined;
    pending.end();
  }

  /** As `isFresh`, but asks for a late heartbeat at once: whoever has stood still believes memory again. */
  async proves(): Promise<boolean> {
    if (this.isFresh || this.isLate || this.isOver) return this.isFresh;
    this.proof ??= this.prove().finally(() => {
      this.proof = undefined;
    });
    return this.proof;
  }

  private async prove(): Promise<boolean> {
    const tooLate = outOfPatience();
    // The one under way may have been sent before the process stood still: then it takes another.
    while (!this.isFresh && !this.isOver) {
      const { round } = this.pending ?? this.beat();
      this.isLate = (await Promise.race([round, tooLate])) === 'late';
      if (this.isLate) break;
    }
    return this.isFresh;
  }

  private tick(): void {
    const { pending } = this;
    if (!pending) return void this.beat();
    pending.pauses += 1;
    if (pending.pauses >= mostPauses) this.lose(pending.isAnswered ? 'unheard' : 'silent');
  }

  private beat(): Beat {
    let end = () => {};
    const round = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.count += 1;
    const id = `${this.lineId}/${this.count}`;
    const beat: Beat = { id, sentAt: performance.now(), round, end, pauses: 0, isAnswered: false };
    this.pending = beat;
    void this.send(beat).catch(() => this.lose('broken'));
    return beat;
  }

  private async send(beat: Beat): Promise<void> {
    await this.pulse.probe();
    beat.isAnswered = true;
    await this.pulse.send(beat.id);
  }

  private lose(loss: Loss): void {
    if (this.isOver) return;
    this.stop();
    this.pulse.onLoss(loss);
  }
}

async function outOfPatience(): Promise<'late'> {
  for (let waited = 0; waited < patience.most; waited += 1) await sleep(patience.pause, undefined, { ref: false });
  return 'late';
}
