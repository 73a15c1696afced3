import { seconds } from '../clock.js';
import { isConnectionFailure } from '../database/connection-failure.js';
import type { Topic } from '../database/topic.js';
import { SharedWork } from '../operations/shared-work.js';
import { traceOf } from '../operations/trace.js';
import type { Caller } from '../policy/caller.js';
import type { Services } from '../services.js';
import type { Matches } from './event-matching.js';
import { cursorOf, type SecurityEventRow } from './event-rows.js';
import { EventTail, type TailBounds } from './event-tail.js';
import { eventsBehind, goesOn, lastDropped, newestEvents } from './read-events.js';

declare module '../services.js' {
  interface Services {
    readonly eventFeed: EventFeed;
  }
}

/** A stream that reads from the feed. */
export interface Follower {
  /** Whose rights it depends on. */
  readonly caller: Caller | null;
  readonly matches: Matches;
  /** Sequence number up to which it has seen all that matches. The feed moves it on while the follower waits. */
  position: number;
  /** Ends its wait: there is an event for it, or its rights may have changed. @param at now */
  ring(at: Date): void;
}

/** How current the feed of this process is. */
export interface FeedHealth {
  /** Milliseconds since this process last knew every published event. */
  readonly lag: number;
  /** Whether that is so long ago that events may be waiting which nobody receives. */
  readonly isStalled: boolean;
}

const defaultBounds: TailBounds = { events: 5000, bytes: 8 * 1024 ** 2 };
/** Events that are read when the first follower comes, so that those who come again find what they missed. */
const prefill = 500;
const batchSize = 500;
/** Interval of reading while signals are not heard, and of repeating a failed read, in milliseconds. */
const pollPause = seconds(1);
/** From this lag on the feed counts as stalled, in milliseconds. */
const stalledFrom = seconds(5);
/** Followers that are woken per turn of the event loop, so that requests are answered in between. */
const wokenPerTurn = 100;

/**
 * Reads published events once for all streams of this process: when a signal tells of new ones, and each second while
 * signals are not heard. It keeps the recent tail in memory; streams that are further behind read the table by
 * themselves. Without followers it reads nothing.
 *
 * @example
 * const leave = feed.join(follower);
 * const { head } = await feed.refresh();
 */
export class EventFeed {
  private readonly followers = new Set<Follower>();
  /** Followers that have seen everything up to the head. */
  private readonly waiting = new Set<Follower>();
  private due: Follower[] = [];
  private turn: NodeJS.Immediate | undefined;
  private tail: EventTail | undefined;
  private readonly reads = new SharedWork(() => this.read());
  private woken: Promise<EventTail> | undefined;
  private hasFailed = false;
  private headCursor: { readonly of: SecurityEventRow; readonly cursor: string } | undefined;
  /** `performance.now()` before the last read that succeeded. */
  private knownAt = Number.NEGATIVE_INFINITY;
  private stop = () => {};

  constructor(
    private readonly services: Pick<Services, 'database' | 'signals' | 'log' | 'clock'>,
    private readonly bounds: TailBounds = defaultBounds,
  ) {}

  /** @returns a function to call when the stream has ended */
  join(follower: Follower): () => void {
    if (this.followers.size === 0) this.begin();
    this.followers.add(follower);
    return () => {
      this.waiting.delete(follower);
      if (this.followers.delete(follower) && this.followers.size === 0) this.end();
    };
  }

  /** How many streams read from it. */
  get size(): number {
    return this.followers.size;
  }

  /** Resolves with the tail once it has every event that was published before this call. @throws the error of reading */
  refresh(): Promise<EventTail> {
    return this.reads.run();
  }

  /** Rings the follower when there may be an event for it behind its position: soon, if that is not the head. */
  standBy(follower: Follower): void {
    if (this.tail && follower.position < this.tail.head) this.ringSoon(follower);
    else this.waiting.add(follower);
  }

  /** Undefined without followers, and until the first read has succeeded. Another one once the database was restored. */
  get current(): EventTail | undefined {
    return this.tail;
  }

  /** Cursor of the newest event; null when none is known. */
  get head(): string | null {
    const newest = this.tail?.newest;
    if (!newest) return null;
    // Asked for each event of each stream.
    if (this.headCursor?.of !== newest) this.headCursor = { of: newest, cursor: cursorOf(newest) };
    return this.headCursor.cursor;
  }

  /** Milliseconds since the last read that succeeded was begun: nothing is read while nothing is published. */
  get lag(): number {
    return performance.now() - this.knownAt;
  }

  /** Reads the table once more to find out how current the feed is. Never rejects. */
  async health(): Promise<FeedHealth> {
    this.wake();
    await Promise.race([this.woken?.catch(() => undefined), after(stalledFrom)]);
    const lag = Math.round(this.lag);
    return { lag: Number.isFinite(lag) ? lag : stalledFrom, isStalled: !(lag < stalledFrom) };
  }

  private begin(): void {
    const { signals } = this.services;
    this.tail = undefined;
    const timer = setInterval(() => (this.hasFailed || !signals.isListening) && this.wake(), pollPause).unref();
    const offs = [
      ...(['published', 'reset'] as const).map((topic) => signals.on(topic, () => this.wake())),
      ...Object.entries(idsOf).map(([topic, idOf]) =>
        signals.on(topic as Topic, (id) => this.ringAll((caller) => id === '' || idOf(caller) === id)),
      ),
      ...(['roles', 'keys', 'reset'] as const).map((topic) => signals.on(topic, () => this.ringAll(() => true))),
    ];
    this.stop = () => {
      clearInterval(timer);
      for (const off of offs) off();
    };
  }

  private end(): void {
    this.stop();
    this.tail = undefined;
    this.hasFailed = false;
  }

  /** Rings the streams of those whose rights may have changed. */
  private ringAll(concerns: (caller: Caller) => boolean): void {
    const at = this.services.clock.now();
    for (const follower of this.followers) if (!follower.caller || concerns(follower.caller)) follower.ring(at);
  }

  /** Reads what is new. May be called for each stream: calls before the next read begins share it. */
  private wake(): void {
    const run = this.reads.run();
    if (run === this.woken) return;
    this.woken = run;
    run.catch((error: unknown) => this.fail(error));
  }

  private fail(error: unknown): void {
    this.hasFailed = true;
    if (!isConnectionFailure(error))
      this.services.log.warn(traceOf(error), 'Reading new events failed and will be tried again');
  }

  private async read(): Promise<EventTail> {
    const begunAt = performance.now();
    const tail = this.tail && (await this.readOn(this.tail)) ? this.tail : await this.readNewest();
    this.hasFailed = false;
    this.knownAt = begunAt;
    return tail;
  }

  /** Reads what is behind the tail. @returns false when the record is no longer the one of the tail */
  private async readOn(tail: EventTail): Promise<boolean> {
    const { sql } = this.services.database;
    for (let isFull = true; isFull; ) {
      const { newest, head } = tail;
      // With the newest one that is known: it may be gone, and its number be that of another.
      const events = await eventsBehind(sql, newest ? head - 1 : head, batchSize);
      const isContinued = !!newest && events[0]?.id === newest.id;
      if (newest && !isContinued && !(await goesOn(sql, { sequence: head, id: newest.id }, head))) {
        this.startOver();
        return false;
      }
      this.publish(tail, isContinued ? events.slice(1) : events);
      isFull = events.length === batchSize;
    }
    return true;
  }

  private async readNewest(): Promise<EventTail> {
    const { sql } = this.services.database;
    const events = await newestEvents(sql, prefill);
    const [oldest] = events;
    const tail = new EventTail(oldest ? Number(oldest.sequence) - 1 : await lastDropped(sql), this.bounds);
    tail.append(events);
    if (this.followers.size > 0) this.tail = tail;
    return tail;
  }

  /** Streams find that the tail is another one, and look for their place in the record. */
  private startOver(): void {
    this.services.log.warn(
      'Events that this process has read are not in the database: it was restored. Streams that are ahead of it end',
    );
    this.tail = undefined;
    this.waiting.clear();
    this.ringAll(() => true);
  }

  private publish(tail: EventTail, events: readonly SecurityEventRow[]): void {
    tail.append(events);
    if (events.length > 0 && tail === this.tail)
      for (const follower of this.waiting) this.offer(follower, events, tail);
  }

  private offer(follower: Follower, events: readonly SecurityEventRow[], { head }: EventTail): void {
    if (events.some(follower.matches)) {
      this.waiting.delete(follower);
      this.ringSoon(follower);
    } else follower.position = head;
  }

  /** The first follower makes the result that others share, so it is woken alone. */
  private ringSoon(follower: Follower): void {
    this.due.push(follower);
    this.turn ??= setImmediate(() => this.ringDue(1));
  }

  private ringDue(most: number): void {
    // Asked once: to ask for each of them takes as long as to decide about it.
    const at = this.services.clock.now();
    for (const follower of this.due.splice(0, most)) follower.ring(at);
    this.turn = this.due.length > 0 ? setImmediate(() => this.ringDue(wokenPerTurn)) : undefined;
  }
}

/** Whose rights a signal is about. */
const idsOf: Readonly<Partial<Record<Topic, (caller: Caller) => string | null | undefined>>> = {
  user: ({ userId }) => userId,
  session: ({ sessionId }) => sessionId,
  token: ({ apiToken }) => apiToken?.id,
};

/** @param time in milliseconds */
const after = (time: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, time).unref();
  });
