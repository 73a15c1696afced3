import { seconds } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Signals } from '../database/signals.js';
import type { Logger } from '../operations/logging.js';
import { Repeating } from '../operations/repeating.js';

/** As many as gatehouse_sequence() numbers at a time. */
const batchSize = 1000;

/**
 * Gives committed events their gap-free sequence, one process at a time, and announces it. Numbers are
 * given after the commit, so a reader that has seen n has seen everything before n: a transaction
 * that commits late is numbered late.
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

  start(): void {
    this.work.start();
  }

  async close(): Promise<void> {
    for (const end of this.unsubscribe) end();
    await this.work.close();
  }

  /** A full batch may have left some waiting. */
  private async sequence(): Promise<void> {
    const row = await this.database.sql.row<{ numbered: number }>('select gatehouse_sequence() as numbered');
    if (row && row.numbered >= batchSize) await this.sequence();
  }
}
