import { decodeCursor } from '../database/keyset.js';
import { cursorExpired } from '../errors.js';
import type { Services } from '../services.js';
import { type Matches, matcherOf } from './event-matching.js';
import type { EventFilter, SecurityEventRow } from './event-rows.js';
import type { EventTail } from './event-tail.js';
import { sequenceOf } from './list-events.js';
import { eventsWithin, goesOn, type Place } from './read-events.js';

const batchSize = 100;
/** Sequence numbers that one statement covers, so that it takes milliseconds however rarely events match the filter. */
const windowSize = 10_000;

/**
 * The place of a stream in the record, and what it reads next: from the memory of `EventFeed`, or from the table in
 * batches while it is further behind. A class to extend, because an object of its own would be in each idle stream.
 */
export abstract class EventReader {
  readonly matches: Matches;
  position: number;
  /** The last event that was delivered, or the one behind which the stream begins. */
  private place: Place | undefined;
  /** In which the place was looked up. The feed has another one when the database was restored. */
  private tail: EventTail | undefined;
  /** Events read from the table that are still to be delivered, and the position after the last one. */
  private batch: SecurityEventRow[] | undefined;
  private batchEnd = 0;
  /** The head when the stream was asked for: whatever is published from then on belongs to it. */
  private head: Promise<Place> | undefined;

  /**
   * @param after cursor after which it begins; without one, it begins with the next event that is published
   * @throws BAD_USER_INPUT for a malformed cursor
   */
  protected constructor(
    protected readonly services: Services,
    private readonly filter: EventFilter | null | undefined,
    after: string | null | undefined,
  ) {
    const start = decodeCursor(after);
    this.place = start && { sequence: Number(sequenceOf(start)), id: start.id };
    this.position = this.place?.sequence ?? Number.POSITIVE_INFINITY;
    this.matches = matcherOf(filter);
  }

  /** @returns the next event; 'behind': `readOn` has to be called first; undefined: there is none */
  protected nextEvent(): SecurityEventRow | 'behind' | undefined {
    return this.hasBegun ? (this.batch?.shift() ?? this.fromMemory()) : 'behind';
  }

  /** Like `nextEvent`, for a stream that waits for new ones. It may be called again for the same event. */
  protected remembered(): SecurityEventRow | 'behind' | undefined {
    return this.hasBegun ? this.fromMemory() : 'behind';
  }

  /** Notes that an event was delivered. */
  protected passed(event: SecurityEventRow): SecurityEventRow {
    const sequence = Number(event.sequence);
    this.place = { sequence, id: event.id };
    this.position = this.batch?.length ? sequence : Math.max(sequence, this.batchEnd);
    return event;
  }

  /** Looks the head up. Call it once the stream has joined the feed. */
  protected markHead(): void {
    this.head = this.services.eventFeed
      .refresh()
      .then(({ head: sequence, newest }) => ({ sequence, id: newest?.id ?? '' }));
    // `begin` meets the error.
    this.head.catch(() => undefined);
  }

  /**
   * Begins the stream, also again in a database that was restored, or reads the next window of the table.
   * @throws CURSOR_EXPIRED; the error of the database, after which it may be called again
   */
  protected readOn(): Promise<void> {
    return this.hasBegun ? this.readWindow() : this.begin();
  }

  private get hasBegun(): boolean {
    return !!this.tail && this.tail === this.services.eventFeed.current;
  }

  private fromMemory(): SecurityEventRow | 'behind' | undefined {
    const { tail } = this;
    if (!tail || this.position < tail.start) return 'behind';
    const event = tail.next(this.position, this.matches);
    if (!event) this.position = Math.max(this.position, tail.head);
    return event;
  }

  private async begin(): Promise<void> {
    const head = await this.head?.catch((error: unknown) => {
      this.markHead();
      throw error;
    });
    const tail = await this.tailNow();
    const { sql } = this.services.database;
    const isThere = !this.place || (tail.has(this.place) ?? (await goesOn(sql, this.place, this.place.sequence)));
    if (!isThere) throw cursorExpired();
    this.place ??= head;
    this.head = undefined;
    this.position = this.place?.sequence ?? 0;
    this.batch = undefined;
    this.batchEnd = 0;
    this.tail = tail;
  }

  /** Everything up to the head of the feed is published, so a window that is read is complete. */
  private async readWindow(): Promise<void> {
    const { filter, position: from } = this;
    const { sql } = this.services.database;
    const { head } = await this.tailNow();
    const to = Math.min(head, from + windowSize);
    const events = await eventsWithin(sql, { from, to }, filter, batchSize);
    // Asked afterwards: what retention drops meanwhile is missing from the window.
    if (this.place && !(await goesOn(sql, this.place, from))) throw cursorExpired();
    this.batch = events;
    this.batchEnd = events.length < batchSize ? to : Number(events.at(-1)?.sequence);
    if (events.length === 0) this.position = to;
  }

  private async tailNow(): Promise<EventTail> {
    const { eventFeed } = this.services;
    return eventFeed.current ?? (await eventFeed.refresh());
  }
}
