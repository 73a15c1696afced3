import { seconds } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Signals } from '../database/signals.js';
import type { Logger } from '../operations/logging.js';
import { Repeating } from '../operations/repeating.js';

/** The number of events that one call of gatehouse_sequence() numbers at most. */
const batchSize = 1000;

/**
 * Assigns gap-free sequence numbers to committed events and announces them; an advisory lock admits one process at a
 * time. Numbers are assigned after the commit, so a reader that has seen number n has seen all smaller ones, even when
 * transactions commit late.
 */
export class Sequencer {
  private readonly work: Repeating;
  private readonly unsubscribe: (() => void)[];

  constructor(
    private readonly database: Database,
    signals: Signals,
    log: Logger,
  ) {
    this.work = new Repeating('event sequencing', () => this.sequence(), seconds(5), log);
    this.unsubscribe = (['event', 'reset'] as const).map((topic) => signals.on(topic, () => this.work.wake()));
  }

  start(): Promise<void> {
    return this.work.start();
  }

  async close(): Promise<void> {
    for (const end of this.unsubscribe) end();
    await this.work.close();
  }

  /** Repeats after a full batch, because more events may be waiting. */
  private async sequence(): Promise<void> {
    const row = await this.database.sql.row<{ numbered: number }>('select gatehouse_sequence() as numbered');
    if (row && row.numbered >= batchSize) await this.sequence();
  }
}
