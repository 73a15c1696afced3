import type { Matches } from './event-matching.js';
import type { SecurityEventRow } from './event-rows.js';
import type { Place } from './read-events.js';

/** Bounds of the events in memory. The newest event is kept whatever its size. */
export interface TailBounds {
  readonly events: number;
  /** By the estimate of `sizeOf`. */
  readonly bytes: number;
}

interface Kept {
  readonly event: SecurityEventRow;
  readonly sequence: number;
  readonly bytes: number;
}

/** Memory of an event without its texts, in bytes: measured, 500 to 700. */
const fixedSize = 700;
/** Two bytes per UTF-16 code unit. */
const perCharacter = 2;

/**
 * The newest published events, in order and without a gap: every event behind `start`, up to `head`, is here. The
 * oldest are dropped when there are too many.
 */
export class EventTail {
  private kept: Kept[] = [];
  private bytes = 0;

  /** @param start sequence number behind which the tail begins @param bounds how much it keeps */
  constructor(
    private beginning: number,
    private readonly bounds: TailBounds,
  ) {}

  get start(): number {
    return this.beginning;
  }

  /** Sequence number of the newest event. */
  get head(): number {
    return this.kept.at(-1)?.sequence ?? this.beginning;
  }

  get newest(): SecurityEventRow | undefined {
    return this.kept.at(-1)?.event;
  }

  /** What is in memory at present. */
  get size(): TailBounds {
    return { events: this.kept.length, bytes: this.bytes };
  }

  /** @param events published behind `head`, in order and without a gap */
  append(events: readonly SecurityEventRow[]): void {
    for (const event of events) {
      const bytes = sizeOf(event);
      this.kept.push({ event, sequence: Number(event.sequence), bytes });
      this.bytes += bytes;
    }
    this.dropOldest();
  }

  /**
   * @param position a sequence number that is not before `start`
   * @returns the first event behind the position that matches; undefined when there is none up to `head`
   */
  next(position: number, matches: Matches): SecurityEventRow | undefined {
    for (let place = this.placeBehind(position); place < this.kept.length; place += 1) {
      const { event } = this.kept[place] as Kept;
      if (matches(event)) return event;
    }
    return undefined;
  }

  /** Whether the event is here; undefined when it would not be, because it is not behind `start`. */
  has({ sequence, id }: Place): boolean | undefined {
    if (sequence <= this.start) return undefined;
    return this.kept[this.placeBehind(sequence - 1)]?.event.id === id;
  }

  /** Index of the first event behind the position; found by bisection. */
  private placeBehind(position: number): number {
    let [low, high] = [0, this.kept.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.kept[middle] as Kept).sequence > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private dropOldest(): void {
    let dropped = 0;
    for (const { sequence, bytes } of this.kept) {
      const left = this.kept.length - dropped;
      if (left <= 1 || (left <= this.bounds.events && this.bytes <= this.bounds.bytes)) break;
      this.bytes -= bytes;
      this.beginning = sequence;
      dropped += 1;
    }
    if (dropped > 0) this.kept = this.kept.slice(dropped);
  }
}

/** Estimated memory of an event, in bytes. */
function sizeOf({ userAgent, details }: SecurityEventRow): number {
  return fixedSize + perCharacter * ((userAgent?.length ?? 0) + JSON.stringify(details).length);
}
