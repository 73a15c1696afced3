import { after, type Clock, minutes, seconds } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Operation } from '../operation.js';
import type { Logger } from '../operations/logging.js';
import { Repeating } from '../operations/repeating.js';
import { type EventRow, eventRow, type Happening, insertEvents } from './record.js';
import { RefusalWindow } from './refusal-window.js';

declare module '../services.js' {
  interface Services {
    readonly refusedEvents: RefusedEvents;
  }
}

const span = minutes(1);
/** Events that wait while the database is away; what comes beyond is only counted. */
const mostWaiting = 2000;
/** Failed sign-ins per minute that are written with their attempt. Beyond, they are counted. */
const mostFailures = { perAddress: 300, inAll: 3000, addresses: 1000 } as const;

/**
 * Records refusals that change nothing, outside of the refused operation: a second later at most, in one statement, and of
 * each minute only so many; see `RefusalWindow`. A process that is killed loses those of its last minute.
 */
export class RefusedEvents {
  private waiting: readonly EventRow[] = [];
  /** By type, so that a flood of one does not hide another. */
  private readonly windows = new Map<string, RefusalWindow>();
  private since: Date | undefined;
  private readonly failures = new Map<string, number>();
  private failuresInAll = 0;
  private readonly writing: Repeating;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    log: Logger,
  ) {
    this.writing = new Repeating('recording of refusals', () => this.flush(), seconds(1), log);
  }

  /**
   * Notes a refusal. Never throws and does not wait.
   * @param key who was refused
   */
  note(operation: Operation, happening: Happening, key: string): void {
    const window = this.windowOf(happening.type);
    const event = eventRow(operation, happening);
    if (this.waiting.length >= mostWaiting) window.count(event, `${event.type} ${key}`);
    else if (window.add(event, key)) this.waiting = [...this.waiting, event];
  }

  /** Whether so many sign-ins from this address have failed within the minute that the next is only counted. Counts it. */
  isFlood(address: string | null): boolean {
    this.since ??= this.clock.now();
    this.failuresInAll += 1;
    const before = this.failures.get(String(address)) ?? 0;
    if (before > 0 || this.failures.size < mostFailures.addresses) this.failures.set(String(address), before + 1);
    return before >= mostFailures.perAddress || this.failuresInAll > mostFailures.inAll;
  }

  start(): Promise<void> {
    return this.writing.start();
  }

  /** Writes everything, also the sums of the running minute; errors are ignored. */
  async close(): Promise<void> {
    await this.writing.close();
    this.endWindows();
    await this.write().catch(() => undefined);
  }

  private windowOf(type: string): RefusalWindow {
    this.since ??= this.clock.now();
    const window = this.windows.get(type) ?? new RefusalWindow();
    this.windows.set(type, window);
    return window;
  }

  private async flush(): Promise<void> {
    const isOver = this.since && after(this.since, span) <= this.clock.now();
    // With too many waiting the windows stay open, and go on counting.
    if (isOver && this.waiting.length < mostWaiting) this.endWindows();
    await this.write();
  }

  private endWindows(): void {
    const sums = [...this.windows.values()].flatMap((window) => window.sumsAsEvents());
    this.waiting = [...this.waiting, ...sums];
    this.windows.clear();
    this.since = undefined;
    this.failures.clear();
    this.failuresInAll = 0;
  }

  /** @throws when the database fails; the events are kept for the next call */
  private async write(): Promise<void> {
    const events = this.waiting;
    if (events.length === 0) return;
    await insertEvents(this.database.sql, events);
    this.waiting = this.waiting.slice(events.length);
    this.database.noteCommit();
  }
}
