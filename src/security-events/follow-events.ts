import { seconds } from '../clock.js';
import { isConnectionFailure, isTimeLimit } from '../database/connection-failure.js';
import { decodeCursor } from '../database/keyset.js';
import { cursorExpired } from '../errors.js';
import type { Caller } from '../policy/caller.js';
import type { Services } from '../services.js';
import { Alarm } from './alarm.js';
import type { Follower } from './event-feed.js';
import { type Matches, matcherOf } from './event-matching.js';
import type { EventFilter, SecurityEventRow } from './event-rows.js';
import type { EventTail } from './event-tail.js';
import { sequenceOf } from './list-events.js';
import { eventsWithin, goesOn, type Place } from './read-events.js';

export interface Following {
  readonly services: Services;
  /** Whose rights `mayGoOn` depends on; a signal about them has it called. */
  readonly caller: Caller | null;
  readonly filter: EventFilter | null | undefined;
  /** Cursor after which the stream starts; null: start with the next event that is published. */
  readonly after: string | null | undefined;
  /** Called before each event and whenever rights may have changed; false ends the stream. */
  readonly mayGoOn: () => boolean | Promise<boolean>;
}

/**
 * Published events. Whoever reads it may also take events at once, without waiting for a promise: for a thousand streams
 * those take more time than all the rest.
 */
export interface EventSource extends AsyncIterableIterator<SecurityEventRow> {
  /**
   * While a `next` is pending, events are offered to the function first. It returns whether it has taken the event;
   * otherwise the pending `next` resolves with it. It must not throw.
   */
  onEvent(take: (event: SecurityEventRow) => boolean): void;
}

const batchSize = 100;
/** Sequence numbers that one statement covers, so that it takes milliseconds however rarely events match the filter. */
const windowSize = 10_000;
/** The stream ends after this many statement time-outs in a row. */
const mostTimeouts = 3;

/**
 * Streams published events after a cursor, then new ones as they are published; each exactly once and in order. It
 * reads from the memory of `EventFeed`, and from the table in batches while it is further behind: a slow reader holds
 * no more than one batch, and a missed signal loses no event. While the database is unreachable the stream waits.
 * @throws BAD_USER_INPUT at once for a malformed cursor; CURSOR_EXPIRED when events behind the cursor are no longer
 *   kept, or it is not of this record: the database was restored to an earlier state; the error of the third statement time-out in a row
 * @example
 * for await (const event of followEvents({ services, caller, filter: null, after: cursor, mayGoOn })) send(event);
 */
export function followEvents(following: Following): EventSource {
  return new EventStream(following);
}

class EventStream implements EventSource, Follower {
  readonly caller: Caller | null;
  readonly matches: Matches;
  position: number;
  /** The last event that was delivered, or the one behind which the stream begins. */
  private place: Place | undefined;
  /** In which the place was looked up. The feed has another one when the database was restored. */
  private tail: EventTail | undefined;
  /** Events read from the table that are still to be delivered, and the position after the last one. */
  private batch: SecurityEventRow[] = [];
  private batchEnd = 0;
  private timeouts = 0;
  private take: ((event: SecurityEventRow) => boolean) | undefined;
  /** Whether it has told everything, and only waits for new events. */
  private isIdle = false;
  /** What `mayGoOn` has answered, if the stream has not acted on it yet. */
  private answer: boolean | Promise<boolean> | undefined;
  private readonly alarm = new Alarm();
  private readonly leave: () => void;
  /** The head when the stream was asked for: whatever is published from then on belongs to it. */
  private head: Promise<Place>;

  constructor(private readonly following: Following) {
    const { after, caller, filter, services } = following;
    const start = decodeCursor(after);
    this.place = start && { sequence: Number(sequenceOf(start)), id: start.id };
    this.position = this.place?.sequence ?? Number.POSITIVE_INFINITY;
    this.caller = caller;
    this.matches = matcherOf(filter);
    this.leave = services.eventFeed.join(this);
    this.head = this.headNow();
  }

  /** One function, because each that is waiting takes some hundred bytes of every idle stream. */
  async next(): Promise<IteratorResult<SecurityEventRow, undefined>> {
    try {
      while (!this.alarm.stopped) {
        this.alarm.reset();
        // Also after a wait that an earlier ring had already ended.
        this.isIdle = false;
        const may = this.answer ?? this.mayGoOn();
        this.answer = undefined;
        if (may !== true && !(await may)) break;
        if (this.alarm.stopped) break;
        const event = this.hasBegun ? (this.batch.shift() ?? this.fromMemory()) : 'behind';
        if (event === 'behind') await this.catchUp();
        else if (event) return { done: false, value: this.passed(event) };
        else await this.newEvents();
      }
    } catch (error) {
      this.finish();
      throw error;
    }
    this.finish();
    return { done: true, value: undefined };
  }

  /** Ends the stream; a pending `next` resolves as done. */
  async return(): Promise<IteratorReturnResult<undefined>> {
    this.finish();
    return { done: true, value: undefined };
  }

  throw(): Promise<IteratorReturnResult<undefined>> {
    return this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  onEvent(take: (event: SecurityEventRow) => boolean): void {
    this.take = take;
  }

  ring(): void {
    if (this.isIdle && this.take && this.goesOnNow(this.take)) return;
    this.isIdle = false;
    this.alarm.ring();
  }

  /** Decides and tells the next event at once. @returns false when it cannot: then `next` does, which waits */
  private goesOnNow(take: (event: SecurityEventRow) => boolean): boolean {
    if (this.alarm.stopped) return false;
    const answer = this.mayGoOn();
    if (answer !== true) {
      this.answer = answer;
      return false;
    }
    const event = this.hasBegun ? this.fromMemory() : 'behind';
    if (event === 'behind' || (event && !take(event))) return false;
    if (event) this.passed(event);
    this.following.services.eventFeed.standBy(this);
    return true;
  }

  private finish(): void {
    this.isIdle = false;
    this.leave();
    this.alarm.stop();
  }

  private passed(event: SecurityEventRow): SecurityEventRow {
    const sequence = Number(event.sequence);
    this.place = { sequence, id: event.id };
    this.position = this.batch.length > 0 ? sequence : Math.max(sequence, this.batchEnd);
    return event;
  }

  private mayGoOn(): boolean | Promise<boolean> {
    const answer = this.following.mayGoOn();
    return typeof answer === 'boolean' ? answer : answer.catch((error) => this.askAgain(error));
  }

  /** While the database is unreachable, repeats the question every second. */
  private async askAgain(failure: unknown): Promise<boolean> {
    for (let error = failure; ; ) {
      if (!isConnectionFailure(error)) throw error;
      this.alarm.reset();
      await this.alarm.wait(seconds(1));
      if (this.alarm.stopped) return false;
      try {
        return await this.following.mayGoOn();
      } catch (again) {
        error = again;
      }
    }
  }

  private get hasBegun(): boolean {
    return !!this.tail && this.tail === this.following.services.eventFeed.current;
  }

  private fromMemory(): SecurityEventRow | 'behind' | undefined {
    const { tail } = this;
    if (!tail || this.position < tail.start) return 'behind';
    const event = tail.next(this.position, this.matches);
    if (!event) this.position = Math.max(this.position, tail.head);
    return event;
  }

  private newEvents(): Promise<void> {
    this.isIdle = true;
    this.following.services.eventFeed.standBy(this);
    return this.alarm.wait();
  }

  /** Begins the stream, also again in a database that was restored, or reads the next window of the table. Waits when the database gives no answer. */
  private async catchUp(): Promise<void> {
    try {
      if (this.hasBegun) await this.readWindow();
      else await this.begin();
      this.timeouts = 0;
    } catch (error) {
      const pause = isConnectionFailure(error) ? seconds(1) : this.pauseAfterTimeout(error);
      await this.alarm.wait(pause);
    }
  }

  private async begin(): Promise<void> {
    const head = await this.head.catch((error: unknown) => {
      this.head = this.headNow();
      throw error;
    });
    const tail = await this.tailNow();
    const { sql } = this.following.services.database;
    const isThere = !this.place || (tail.has(this.place) ?? (await goesOn(sql, this.place, this.place.sequence)));
    if (!isThere) throw cursorExpired();
    this.place ??= head;
    this.position = this.place.sequence;
    this.batch = [];
    this.batchEnd = 0;
    this.tail = tail;
  }

  private headNow(): Promise<Place> {
    const head = this.following.services.eventFeed
      .refresh()
      .then(({ head: sequence, newest }) => ({ sequence, id: newest?.id ?? '' }));
    // `begin` meets the error.
    head.catch(() => undefined);
    return head;
  }

  /** Everything up to the head of the feed is published, so a window that is read is complete. */
  private async readWindow(): Promise<void> {
    const { services, filter } = this.following;
    const { sql } = services.database;
    const { head } = await this.tailNow();
    const from = this.position;
    const to = Math.min(head, from + windowSize);
    const events = await eventsWithin(sql, { from, to }, filter, batchSize);
    // Asked afterwards: what retention drops meanwhile is missing from the window.
    if (this.place && !(await goesOn(sql, this.place, from))) throw cursorExpired();
    this.batch = events;
    this.batchEnd = events.length < batchSize ? to : Number(events.at(-1)?.sequence);
    if (events.length === 0) this.position = to;
  }

  private async tailNow(): Promise<EventTail> {
    const { eventFeed } = this.following.services;
    return eventFeed.current ?? (await eventFeed.refresh());
  }

  /** Logs a statement time-out. @returns a pause in milliseconds @throws any other error, and the third in a row */
  private pauseAfterTimeout(error: unknown): number {
    if (!isTimeLimit(error)) throw error;
    this.timeouts += 1;
    const { timeouts } = this;
    const isLastTry = timeouts >= mostTimeouts;
    this.following.services.log.warn(
      { timeouts, isLastTry },
      'Reading events for a stream ran into the time limit of statements',
    );
    if (isLastTry) throw error;
    return seconds(timeouts);
  }
}
