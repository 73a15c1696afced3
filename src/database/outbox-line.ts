import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { seconds } from '../clock.js';
import { connectTime, DatabaseSockets, keepAlive } from './database-sockets.js';
import { Heartbeat, type Loss } from './heartbeat.js';
import { type KeepTime, type Line, LineLost } from './line.js';
import {
  type Beat,
  beat,
  type Call,
  call,
  dropForeign,
  longestPause,
  look,
  mostSignals,
  type Reading,
  type SignalText,
  unheard,
} from './outbox-statements.js';
import { RecentSignals } from './recent-signals.js';
import { leave, longestGap, Registration, register, tell } from './signal-readers.js';
import { withoutLimits } from './time-limits.js';
import type { Topic } from './topic.js';

/** How long `close` waits for the connection to end in good order, in milliseconds. */
const leaveTime = seconds(1);
/** Pause of a heartbeat that proves nothing yet, in milliseconds. */
const waitingPause = 50;

/** What an `OutboxLine` tells its owner. */
export interface OutboxEnds {
  /** Called with each signal that is read, as `topic:detail`. */
  readonly onSignal: (signal: SignalText) => void;
  /** Called once for all that were read at once, after `onSignal`. */
  readonly onReading: (news: readonly SignalText[]) => void;
  readonly keepTime: KeepTime;
  /** Tells the other processes past the database. @returns false when that is impossible at the moment */
  readonly tellOthers: (signal: SignalText) => boolean;
}

/** A call of this line: whom it waits for, and what they have to hear. */
export interface Called extends Pick<Call, 'id' | 'awaited' | 'hasListeners'> {
  readonly signals: readonly SignalText[];
  /** To be called once all have heard the signals. */
  readonly settle: () => void;
}

/**
 * One connection on which a process reads the outbox of signals. Its heartbeat is a statement that reads what has been committed
 * since the one before, so that once it is answered nothing was missed before it was sent. It needs neither notifications nor a
 * session of its own: each statement is complete in itself, and works through a pooler in transaction mode.
 */
export class OutboxLine implements Line {
  readonly lost: Promise<Loss>;
  private lose: (loss: Loss) => void = () => {};
  readonly connection: pg.Client;
  private readonly sockets = new DatabaseSockets();
  private readonly heartbeat: Heartbeat;
  private readonly registration = new Registration('outbox');
  private readonly recent = new RecentSignals();
  private lastAnswer: Promise<unknown> = Promise.resolve();
  /** Up to which everything is known. */
  private last: string | null = null;
  /** When the last beat was sent, by `performance.now()`. */
  private recordedAt = performance.now();
  /** When the last beat was written, by the database's clock, in milliseconds since 1970. */
  private writtenAt = Number.NEGATIVE_INFINITY;
  private isProved = false;

  constructor(
    connectionString: string,
    private readonly ends: OutboxEnds,
  ) {
    this.lost = new Promise((resolve) => {
      this.lose = resolve;
    });
    const options = {
      connectionString: withoutLimits(connectionString),
      connectionTimeoutMillis: connectTime,
      application_name: 'gatehouse-outbox',
    };
    this.connection = new pg.Client({ ...options, ...keepAlive, stream: this.sockets.make });
    for (const event of ['error', 'end'] as const) this.connection.on(event, () => this.lose('broken'));
    this.heartbeat = new Heartbeat(this.id, {
      probe: () => ends.keepTime(() => this.beat()),
      send: (id) => this.finish(id),
      onLoss: (loss) => this.lose(loss),
    });
    void this.lost.then(() => {
      this.heartbeat.stop();
      this.sockets.dropAll();
    });
  }

  /** The name of this process among the readers. */
  get id(): string {
    return this.registration.id;
  }

  get heardAt(): number {
    return this.heartbeat.heardAt;
  }

  get isFresh(): boolean {
    return this.heartbeat.isFresh;
  }

  /** The snapshot up to which everything has been read, as PostgreSQL writes it. */
  get snapshot(): string | null {
    return this.last;
  }

  async open(): Promise<void> {
    try {
      await this.connection.connect();
      await this.ask(dropForeign);
      await this.ask(register, [this.id, 'outbox']);
      await this.heartbeat.start();
      // The first beat only says from where on to read.
      await this.heartbeat.proves();
    } catch (error) {
      this.lose('broken');
      throw error;
    }
    if (this.heartbeat.isOver) throw new LineLost(await this.lost);
  }

  proves(): Promise<boolean> {
    return this.heartbeat.proves();
  }

  ask<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.inTurn(async () => (await this.connection.query<Row>(text, [...values])).rows);
  }

  async tell(topic: Topic, detail: string): Promise<unknown> {
    return this.ends.tellOthers(`${topic}:${detail}`) || this.ask(tell, [topic, detail]);
  }

  /** Reads what is new, between two beats. Does nothing before the first one. */
  async read(): Promise<void> {
    if (this.last !== null) await this.reading(look);
  }

  /** Asks who has to be waited for until nobody answers from before this moment. */
  async call(): Promise<Called> {
    if (this.last === null) throw new Error('The signal connection is not open yet');
    const { id, awaited, hasListeners } = (await this.recorded<Call>(call)).row;
    return { id, awaited, hasListeners, ...this.recent.take() };
  }

  /** @returns those of the readers who have not said by a beat that they have read everything up to the call */
  async unheard(id: string, readers: readonly string[]): Promise<string[]> {
    return (await this.ask<{ id: string }>(unheard, [id, readers])).map((row) => row.id);
  }

  async close(): Promise<void> {
    this.heartbeat.stop();
    const timer = setTimeout(() => this.sockets.dropAll(), leaveTime);
    await this.ask(leave, [this.id]).catch(() => undefined);
    await this.connection.end().catch(() => undefined);
    clearTimeout(timer);
    this.lose('broken');
  }

  /** @returns the database's time, in milliseconds since 1970 */
  private async beat(): Promise<number> {
    const { row, isBelieved } = await this.recorded<Beat>(beat);
    this.isProved = isBelieved;
    // Tells at once that this was heard, for processes that cannot be told by Redis.
    if (row.news.length > 0) void this.recorded<Beat>(beat).catch(() => undefined);
    return row.time;
  }

  private async finish(id: string): Promise<void> {
    if (this.isProved) return this.heartbeat.hear(id);
    if (!this.registration.isThrough) await sleep(waitingPause, undefined, { ref: false });
    this.heartbeat.disregard(id);
  }

  /** @returns what a beat reads, and whether nothing can have been missed before it, nor will be for lack of waiting for it */
  private async recorded<Row extends Beat>(text: string): Promise<{ row: Row; isBelieved: boolean }> {
    const { row, sentAt } = await this.reading<Row>(text);
    if (sentAt - this.recordedAt > longestGap) throw this.forgotten();
    const isContinued = row.writtenAt - this.writtenAt <= longestPause;
    [this.recordedAt, this.writtenAt] = [sentAt, row.writtenAt];
    return { row, isBelieved: isContinued && this.registration.isThrough };
  }

  /** Reads on from the last snapshot, and passes on what is new before anything else is sent. */
  private reading<Row extends Reading>(text: string): Promise<{ row: Row; sentAt: number }> {
    return this.inTurn(async () => {
      const sentAt = performance.now();
      const [row] = (await this.connection.query<Row>(text, [this.id, this.last])).rows;
      if (!row?.isRegistered) throw this.forgotten();
      this.passOn(row);
      return { row, sentAt };
    });
  }

  private passOn(row: Reading): void {
    // Whoever calls before everybody has read on from here may have committed what this line has not read.
    if (this.last === null) this.recent.add(['reset']);
    this.last = row.snapshot;
    const news = row.news.length > mostSignals ? ['reset'] : row.news;
    this.recent.add(news);
    if (this.registration.note(row)) this.ends.onSignal('reset');
    for (const signal of news) this.ends.onSignal(signal);
    this.ends.onReading(news);
  }

  private forgotten(): LineLost {
    this.lose('forgotten');
    return new LineLost('forgotten');
  }

  /** The driver takes statements one after another, and what one has read decides about the next. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const answer = this.lastAnswer.then(work);
    this.lastAnswer = answer.catch(() => undefined);
    return answer;
  }
}
