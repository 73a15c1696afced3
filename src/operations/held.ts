import { setTimeout as sleep } from 'node:timers/promises';
import { Garbage } from './garbage.js';

/** Of large answers, in bytes: what they leave is collected. */
const huge = 1024 ** 2;
/** Between two large answers, in milliseconds. */
const breather = 10;
/** The part of what may be held that answers may take which nobody has read yet. */
const unreadShare = 1 / 2;

/** Whoever is sent answers. */
export interface Reader {
  terminate(): void;
}

/**
 * What all operations of this process hold at a time, in bytes: rows that were read for them, answers that are made, and
 * answers on their way that their clients have not read. Many slow clients are bounded as one is: past their part, the one
 * that has made no progress for the longest is cut off.
 */
export class Held {
  bytes = 0;
  private unread = 0;
  /** In the order of their last progress, with what they have still to read. */
  private readonly readers = new Map<Reader, number>();
  private readonly garbage = new Garbage();
  private last: Promise<unknown> = Promise.resolve();

  constructor(readonly most: number) {}

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
    this.readers.set(reader, (this.readers.get(reader) ?? 0) + bytes);
    this.bytes += bytes;
    this.unread += bytes;
    while (this.unread > this.most * unreadShare && this.readers.size > 1) this.cutOff();
  }

  /** The reader has taken these. */
  arrive(reader: Reader, bytes: number): void {
    const waiting = this.readers.get(reader);
    if (waiting === undefined) return;
    this.readers.delete(reader);
    this.unread -= bytes;
    this.release(bytes);
    if (waiting > bytes) this.readers.set(reader, waiting - bytes);
  }

  /** The reader will take no more. */
  forget(reader: Reader): void {
    this.arrive(reader, this.readers.get(reader) ?? 0);
  }

  private cutOff(): void {
    const [slowest] = this.readers.keys();
    if (!slowest) return;
    this.forget(slowest);
    slowest.terminate();
  }
}
