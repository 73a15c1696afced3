import { setTimeout as sleep } from 'node:timers/promises';

/** Between two heartbeats, in milliseconds. */
const pause = 250;
/**
 * A line without a heartbeat for this many ticks is given up. Ticks are counted instead of time, because a process that
 * was suspended has not been waiting.
 */
const mostPauses = 8;
/** Further ticks in which the database must answer again, before it is believed that only notifications are missing. */
const confirmingPauses = 4;
/** How long `proves` waits for a late heartbeat: five pauses of 50 milliseconds, counted for the same reason. */
const latePauses = { most: 5, pause: 50 } as const;
/** After this silence, in milliseconds, caches are not used any more. The line itself may still recover. */
export const longestSilence = 750;

/**
 * Why a line ended. `broken`: a connection failed; `silent`: the database does not answer; `unheard`: the database
 * answers, but notifications do not arrive; `forgotten`: the database no longer knows that somebody listens.
 */
export type Loss = 'broken' | 'silent' | 'unheard' | 'forgotten';

export interface Pulse {
  /** Resolves when the database has answered a query. */
  readonly probe: () => Promise<void>;
  /** Sends a notification with this id; it has to come back through `Heartbeat.hear`. */
  readonly send: (id: string) => Promise<unknown>;
  readonly onLoss: (loss: Loss) => void;
}

interface Beat {
  readonly id: string;
  /** `performance.now()`, in milliseconds. */
  readonly sentAt: number;
  /** Resolves when the notification has come back, or the line has ended. */
  readonly round: Promise<void>;
  readonly end: () => void;
  pauses: number;
  isAnswered: boolean;
}

/**
 * Checks four times a second that notifications come back. They arrive in commit order, so once a heartbeat has
 * returned, every signal that was committed before it was sent has been received too.
 */
export class Heartbeat {
  /** Send time of the newest heartbeat that has come back, in milliseconds. */
  heardAt = Number.NEGATIVE_INFINITY;
  private count = 0;
  private pending: Beat | undefined;
  private proof: Promise<boolean> | undefined;
  /** Set when a caller of `proves` has waited in vain, until the next heartbeat returns: later callers do not wait. */
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

  /** Resolves when the first heartbeat has come back, or the line is lost. */
  start(): Promise<void> {
    this.timer = setInterval(() => this.tick(), pause);
    return this.beat().round;
  }

  stop(): void {
    this.isOver = true;
    clearInterval(this.timer);
    this.pending?.end();
  }

  /** Call with the id of each heartbeat that comes back. */
  hear(id: string): void {
    const { pending } = this;
    if (id !== pending?.id) return;
    this.heardAt = pending.sentAt;
    this.isLate = false;
    this.pending = undefined;
    pending.end();
  }

  /** Call with the id of a heartbeat that has come back and proves nothing. Another one follows. */
  disregard(id: string): void {
    const { pending } = this;
    if (id !== pending?.id) return;
    this.pending = undefined;
    pending.end();
  }

  /**
   * Like `isFresh`, but sends a heartbeat at once when the last one is too old, and waits for it up to 250
   * milliseconds. A process that was suspended can thus use its caches again after one round trip.
   */
  async proves(): Promise<boolean> {
    if (this.isFresh || this.isLate || this.isOver) return this.isFresh;
    this.proof ??= this.prove().finally(() => {
      this.proof = undefined;
    });
    return this.proof;
  }

  private async prove(): Promise<boolean> {
    const tooLate = lateness();
    // A pending heartbeat may have been sent before the process was suspended; then a second one is needed.
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
    if (pending.pauses === mostPauses && pending.isAnswered) this.confirm(pending);
    else if (pending.pauses >= mostPauses + (pending.isAnswered ? confirmingPauses : 0)) this.lose('silent');
  }

  /**
   * The database may have gone silent after it answered the query of this heartbeat and before it delivered the
   * notification. Taken for `unheard`, the connections of the pools would stay in use and hang.
   */
  private confirm(beat: Beat): void {
    const lose = (loss: Loss) => this.pending === beat && this.lose(loss);
    void this.pulse.probe().then(
      () => lose('unheard'),
      () => lose('broken'),
    );
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

async function lateness(): Promise<'late'> {
  for (let waited = 0; waited < latePauses.most; waited += 1) await sleep(latePauses.pause, undefined, { ref: false });
  return 'late';
}
