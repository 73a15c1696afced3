import { seconds } from '../clock.js';
import { isConnectionFailure, isTimeLimit } from '../database/connection-failure.js';
import type { Caller } from '../policy/caller.js';
import type { Services } from '../services.js';
import { Alarm } from './alarm.js';
import type { Follower } from './event-feed.js';
import { EventReader } from './event-reader.js';
import type { EventFilter, SecurityEventRow } from './event-rows.js';

export interface Following {
  readonly services: Services;
  /** Whose rights `mayGoOn` depends on; a signal about them has it called. */
  readonly caller: Caller | null;
  readonly filter: EventFilter | null | undefined;
  /** Cursor after which the stream starts; null: start with the next event that is published. */
  readonly after: string | null | undefined;
  /** Called before each event and whenever rights may have changed; false ends the stream. */
  readonly mayGoOn: MayGoOn;
}

/** @param at now, when it is known */
type MayGoOn = (at?: Date) => boolean | Promise<boolean>;
/** @param at now */
type Take = (event: SecurityEventRow, at: Date) => boolean;

/**
 * Published events. Whoever reads it may also take events at once, without waiting for a promise: for a thousand streams
 * those take more time than all the rest.
 */
export interface EventSource extends AsyncIterableIterator<SecurityEventRow> {
  /**
   * While a `next` is pending, events are offered to the function first. It returns whether it has taken the event;
   * otherwise the pending `next` resolves with it. It must not throw.
   */
  onEvent(take: Take): void;
}

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

class EventStream extends EventReader implements EventSource, Follower {
  readonly caller: Caller | null;
  private readonly asked: MayGoOn;
  private timeouts = 0;
  private take: Take | undefined;
  /** Whether it has told everything, and only waits for new events. */
  private isIdle = false;
  /** What `mayGoOn` has answered, if the stream has not acted on it yet. */
  private answer: boolean | Promise<boolean> | undefined;
  private readonly alarm = new Alarm();
  private readonly leave: () => void;

  constructor({ services, caller, filter, after, mayGoOn }: Following) {
    super(services, filter, after);
    this.caller = caller;
    this.asked = mayGoOn;
    this.leave = services.eventFeed.join(this);
    this.markHead();
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
        const event = this.nextEvent();
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

  onEvent(take: Take): void {
    this.take = take;
  }

  ring(at: Date): void {
    if (this.isIdle && this.take && this.goesOnNow(this.take, at)) return;
    this.isIdle = false;
    this.alarm.ring();
  }

  /** Decides and tells the next event at once. @returns false when it cannot: then `next` does, which waits */
  private goesOnNow(take: Take, at: Date): boolean {
    if (this.alarm.stopped) return false;
    const answer = this.mayGoOn(at);
    if (answer !== true) {
      this.answer = answer;
      return false;
    }
    const event = this.remembered();
    if (event === 'behind' || (event && !take(event, at))) return false;
    if (event) this.passed(event);
    this.services.eventFeed.standBy(this);
    return true;
  }

  private finish(): void {
    this.isIdle = false;
    this.leave();
    this.alarm.stop();
  }

  private mayGoOn(at?: Date): boolean | Promise<boolean> {
    const answer = this.asked(at);
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
        return await this.asked();
      } catch (again) {
        error = again;
      }
    }
  }

  private newEvents(): Promise<void> {
    this.isIdle = true;
    this.services.eventFeed.standBy(this);
    return this.alarm.wait();
  }

  /** Reads on; waits when the database gives no answer. */
  private async catchUp(): Promise<void> {
    try {
      await this.readOn();
      this.timeouts = 0;
    } catch (error) {
      const pause = isConnectionFailure(error) ? seconds(1) : this.pauseAfterTimeout(error);
      await this.alarm.wait(pause);
    }
  }

  /** Logs a statement time-out. @returns a pause in milliseconds @throws any other error, and the third in a row */
  private pauseAfterTimeout(error: unknown): number {
    if (!isTimeLimit(error)) throw error;
    this.timeouts += 1;
    const { timeouts } = this;
    const isLastTry = timeouts >= mostTimeouts;
    this.services.log.warn(
      { timeouts, isLastTry },
      'Reading events for a stream ran into the time limit of statements',
    );
    if (isLastTry) throw error;
    return seconds(timeouts);
  }
}
