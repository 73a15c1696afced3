import { hours, minutes, seconds } from '../../clock.js';
import { advisoryLocks } from '../../database/advisory-locks.js';
import { Leadership } from '../../database/leadership.js';
import { Repeating } from '../../operations/repeating.js';
import type { Services } from '../../services.js';
import { HeadKeeper } from './head-keeper.js';
import { publishBatch } from './publish.js';

/** Interval at which the process that publishes looks for events that it was not told of, and the others for it. */
const pause = seconds(1);
/** Least time between two hints of one process, in milliseconds: a notification takes a lock of the whole server. */
const hintPause = 20;
/** An event that waits longer, in milliseconds, is published by whoever sees it. */
const longestWait = seconds(2);
/** Interval at which the whole outbox is read, in milliseconds; a restored one may hold ids of another server's transactions. */
const wholePause = minutes(1);

/** How far the clock is behind the newest published event, in milliseconds, when the log says so, and how often it does. */
const notableDelay = minutes(1);
const clockWarningPause = hours(1);

/** In one snapshot, so that no event of a transaction before `running` is missed when nothing waits. */
const look = `
  select pg_snapshot_xmin(pg_current_snapshot())::text as running, (
    select id::text from security_event_outbox where written_by >= $1::text::xid8 order by written_by, position limit 1
  ) as waiting`;

interface Look {
  readonly running: string;
  readonly waiting: string | null;
}

/**
 * Publishes security events once their transactions have committed; see `publishBatch`. One process does so at a time, told
 * by hints of the others; when it dies, another takes over within a second.
 */
export class Sequencer {
  private readonly work: Repeating;
  private readonly leadership: Leadership;
  private readonly heads: HeadKeeper;
  private readonly unsubscribe: (() => void)[];
  private hint: NodeJS.Timeout | undefined;
  private hintedAt = Number.NEGATIVE_INFINITY;
  /** Transaction id: what earlier transactions wrote is published. */
  private seenBefore = '0';
  private wholeAt = Number.NEGATIVE_INFINITY;
  /** The first event that waits, and since when it is known. */
  private oldest: { readonly id: string; readonly since: number } | undefined;
  private warnedAt = Number.NEGATIVE_INFINITY;
  private isClosed = false;

  constructor(private readonly services: Services) {
    const { database, signals, log } = services;
    this.work = new Repeating('publishing of security events', () => this.run(), pause, log);
    this.leadership = new Leadership(database, advisoryLocks.sequencer, () => this.work.wake());
    this.heads = new HeadKeeper(services);
    this.unsubscribe = [
      signals.on('event', () => this.leadership.isHeld && this.work.wake()),
      signals.on('reset', () => this.work.wake()),
      database.onCommit(() => this.hintSoon()),
    ];
  }

  start(): Promise<void> {
    return this.work.start();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const end of this.unsubscribe) end();
    clearTimeout(this.hint);
    await this.work.close();
    await this.leadership.close();
  }

  /** Something was committed, perhaps with events. */
  private hintSoon(): void {
    if (this.hint) return;
    const left = this.hintedAt + hintPause - performance.now();
    this.hint = setTimeout(() => this.tell(), Math.max(0, left));
  }

  private tell(): void {
    this.hint = undefined;
    this.hintedAt = performance.now();
    if (this.leadership.isHeld) this.work.wake();
    // Without the hint the event is found within a second.
    else this.services.signals.tell('event');
  }

  private async run(): Promise<void> {
    const leads = await this.leadership.take();
    const publishes = (await this.isWaiting()) && (leads || this.hasWaitedLong());
    if (publishes) await this.publish();
    if (this.isClosed || !(leads || publishes)) return;
    if (performance.now() - this.wholeAt >= wholePause) await this.lookAtAll();
    await this.heads.keep();
  }

  private async publish(): Promise<void> {
    let isFull = true;
    // What is committed during the last batch is not looked for: whoever commits it tells of it, which wakes this again.
    while (isFull && !this.isClosed) {
      const { end, seenBefore, clockBehind, ...batch } = await publishBatch(this.services, this.seenBefore);
      isFull = batch.isFull;
      if (clockBehind >= notableDelay) this.warnOfClock(clockBehind);
      this.seenBefore = seenBefore;
      if (end) this.heads.note(end);
      // While there is always something to publish, `run` does not come round.
      if (this.leadership.isHeld) await this.leadership.take();
    }
    this.oldest = undefined;
  }

  /** @param milliseconds from now until the instant at which the newest event was published */
  private warnOfClock(milliseconds: number): void {
    if (performance.now() - this.warnedAt < clockWarningPause) return;
    this.warnedAt = performance.now();
    this.services.log.warn(
      { milliseconds },
      "The database's clock was ahead when security events were published; until it is there again, all others count as \
published at the same instant",
    );
  }

  /** Apart from publishing: under an old snapshot it takes long, and may fail. */
  private async lookAtAll(): Promise<void> {
    this.wholeAt = performance.now();
    const found = await this.look('0').catch(() => undefined);
    if (!found?.waiting) return;
    this.seenBefore = '0';
    this.work.wake();
  }

  private look(from: string): Promise<Look | undefined> {
    return this.services.database.sql.row<Look>(look, [from]);
  }

  private async isWaiting(): Promise<boolean> {
    const found = await this.look(this.seenBefore);
    if (!found?.waiting) {
      this.seenBefore = found?.running ?? this.seenBefore;
      this.oldest = undefined;
      return false;
    }
    if (this.oldest?.id !== found.waiting) this.oldest = { id: found.waiting, since: performance.now() };
    return true;
  }

  private hasWaitedLong(): boolean {
    return !!this.oldest && performance.now() - this.oldest.since >= longestWait;
  }
}
