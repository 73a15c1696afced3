import { setTimeout as sleep } from 'node:timers/promises';
import { minutes } from '../clock.js';
import { Garbage } from './garbage.js';

/** In bytes. An answer above this size is huge: it is made in a slot, and its garbage is collected. */
export const huge = 1024 ** 2;
/** Pause between two large answers, in milliseconds. */
const breather = 10;

/**
 * Limit of all unread answers, as a factor of the limit for everything held. Large answers cannot reach it: they are
 * refused earlier.
 */
const unreadShare = 4 / 3;

/** A client's connection to which answers are sent. */
export interface Reader {
  terminate(): void;
}

interface Unread {
  readonly bytes: number;
  /** `performance.now()` at the start, or when the last message was received, in milliseconds. */
  readonly since: number;
}

/**
 * Bounds the memory, in bytes, that all operations of this process hold together: rows read from the database, answers
 * being made, and answers sent but not yet read by their clients. When the limit is reached, clients that have
 * taken longer than `slowFrom` for one answer (over a WebSocket: for one message) are disconnected, the slowest first;
 * a client that reads nothing at all is disconnected by the transport, long before. Small answers are never refused, so
 * the sum of unread answers has its own limit, beyond which the slowest client is disconnected at once.
 */
export class Held {
  bytes = 0;
  private unread = 0;
  /** Unread answers by client; the client whose last progress is oldest comes first. */
  private readonly readers = new Map<Reader, Unread>();
  private readonly garbage = new Garbage();
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly most: number,
    /** A client that takes longer for one answer or message is slow, in milliseconds; it counts once memory is short. */
    private readonly slowFrom = minutes(1),
  ) {}

  /** True while no more is held than the limit. Over the limit it first disconnects slow clients. */
  hasRoom(): boolean {
    if (this.bytes > this.most) this.makeRoom();
    return this.bytes <= this.most;
  }

  /**
   * Makes callers that build a large answer wait for each other, because each then computes for a tenth of a second.
   * Every slot starts after a pause, in which the event loop can receive and answer small requests.
   */
  slot(): Promise<unknown> {
    this.last = this.last.then(() => sleep(breather));
    return this.last;
  }

  /** Frees this many bytes of an operation. */
  release(bytes: number): void {
    this.bytes -= bytes;
    if (bytes > huge) this.garbage.leave(bytes);
  }

  /** Counts an answer that is being sent to a client, in bytes. */
  send(reader: Reader, bytes: number): void {
    const { bytes: before, since } = this.readers.get(reader) ?? { bytes: 0, since: performance.now() };
    this.readers.set(reader, { bytes: before + bytes, since });
    this.bytes += bytes;
    this.unread += bytes;
    while (this.unread > this.most * unreadShare && this.readers.size > 1) this.cutOffSlowest();
  }

  /** Frees bytes that the client has received. */
  arrive(reader: Reader, bytes: number): void {
    const unread = this.readers.get(reader);
    if (!unread) return;
    this.readers.delete(reader);
    this.unread -= bytes;
    this.release(bytes);
    if (unread.bytes > bytes) this.readers.set(reader, { bytes: unread.bytes - bytes, since: performance.now() });
  }

  /** Frees everything that the client has not read; for a connection that has closed. */
  forget(reader: Reader): void {
    this.arrive(reader, this.readers.get(reader)?.bytes ?? 0);
  }

  private makeRoom(): void {
    const latest = performance.now() - this.slowFrom;
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
