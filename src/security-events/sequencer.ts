import { seconds } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Signals } from '../database/signals.js';
import type { Logger } from '../operations/logging.js';
import { Repeating } from '../operations/repeating.js';

/** Any number will do, as long as nothing else in this database locks it. */
const lock = 7_041_004;
const batchSize = 1000;

const number = `
  with fresh as (
    select id, row_number() over (order by position) as place
    from (select id, position from security_events where sequence is null order by position limit ${batchSize}) waiting
  ), head as (select coalesce(max(sequence), 0) as sequence from security_events)
  update security_events e set sequence = head.sequence + fresh.place from fresh, head where e.id = fresh.id returning 1`;

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

  private async sequence(): Promise<void> {
    for (let numbered = batchSize; numbered === batchSize; ) {
      numbered = await this.database.transaction(async (em) => {
        // Waiting, not trying: whoever holds it may have looked before our event was committed.
        await em.execute('select pg_advisory_xact_lock(?)', [lock]);
        const rows = await em.execute(number);
        if (rows.length > 0) await em.execute(`select pg_notify('gatehouse', 'published')`);
        return rows.length;
      });
    }
  }
}
