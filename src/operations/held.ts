import { setTimeout as sleep } from 'node:timers/promises';
import { minutes } from '../clock.js';
import { Garbage } from './garbage.js';

/** Of large answers, in bytes: what they leave is collected. */
const huge = 1024 ** 2;
/** Between two large answers, in milliseconds. */
const breather = 10;

/** What nobody has read may be so many times what may be held. Large answers alone never come to it: they are refused before. */
const unreadShare = 4 / 3;

/** Whoever is sent answers. */
export interface Reader {
  terminate(): void;
}

interface Unread {
  readonly bytes: number;
  /** On the process's own monotonic clock, in milliseconds. */
  readonly since: number;
}

/**
 * What all operations of this process hold at a time, in bytes: rows that were read for them, answers that are made, and
 * answers on their way that their clients have not read. When the room is used up, clients that have been reading one answer
 * for too long are cut off, the slowest first; who reads nothing at all is cut off by the transport, long before. Small answers
 * are never refused for want of room, so of many that nobody reads the slowest reader is cut off at once.
 */
export class Held {
  bytes = 0;
  private unread = 0;
  /** In the order of their last progress, with what they have still to read. */
  private readonly readers = new Map<Reader, Unread>();
  private readonly garbage = new Garbage();
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly most: number,
    /** How long a client may take to read an answer once others need the room, in milliseconds. */
    private readonly patience = minutes(1),
  ) {}

  /** Whether no more is held than may be. */
  hasRoom(): boolean {
    if (this.bytes > this.most) this.makeRoom();
    return this.bytes <= this.most;
  }

  /**
   * One after another: each then takes a tenth of a second of computing. In between the event loop is left to others, for
   * several turns, since a small request takes some to arrive and to be answered.
   */
  turn(): Promise<unknown> {
    this.last = this.last.then(() => sleep(breather));
    return this.last;
  }

  /** One operation is done with so many. */
  release(bytes: number): void {
    this.bytes -= bytes;
    if (bytes > huge) this.garbage.leave(bytes);
  }

  /** So many are on their way to somebody. */
  send(reader: Reader, bytes: number): void {
    const { bytes: before, since } = this.readers.get(reader) ?? { bytes: 0, since: performance.now() };
    this.readers.set(reader, { bytes: before + bytes, since });
    this.bytes += bytes;
    this.unread += bytes;
    while (this.unread > this.most * unreadShare && this.readers.size > 1) this.cutOffSlowest();
  }

  /** The reader has taken these. */
  arrive(reader: Reader, bytes: number): void {
    const unread = this.readers.get(reader);
    if (!unread) return;
    this.readers.delete(reader);
    this.unread -= bytes;
    this.release(bytes);
    if (unread.bytes > bytes) this.readers.set(reader, { bytes: unread.bytes - bytes, since: performance.now() });
  }

  /** The reader will take no more. */
  forget(reader: Reader): void {
    this.arrive(reader, this.readers.get(reader)?.bytes ?? 0);
  }

  private makeRoom(): void {
    const latest = performance.now() - this.patience;
    for (const { since } of this.readers.values()) {
      if (since > latest || this.bytes <= this.most) return;
      this.cutOffSlowest();
    }
  }

  private cutOffSlowest(): void {
    const [slowest] = this.readers.keys();
    if (!slowest) return;
    this.forget(slowest);
    slowest.terminate();
  }
}
