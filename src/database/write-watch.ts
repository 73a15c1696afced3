import { minutes, seconds } from '../clock.js';
import type { Logger } from '../operations/logging.js';
import { SharedWork } from '../operations/shared-work.js';
import { writeRefusal } from './connection-failure.js';
import { readOnly } from './prepare-database.js';
import type { Sql } from './sql.js';

const reasons = {
  full: 'The disk of the database is full (SQLSTATE 53100)',
  'read-only': 'The database takes no writes: it is a standby, or set to read only (SQLSTATE 25006)',
} as const;
type Reason = keyof typeof reasons;

/** Allocates new pages on the database's own disk and frees them again. Fails when the disk is full. */
const takeSpace = `
  do $$ begin
    perform set_config('temp_tablespaces', '', true);
    create temporary table gatehouse_space on commit drop as
      select repeat('x', 2000) as filling from generate_series(1, 32);
  end $$`;

/** Least time between two log lines for the same reason, in milliseconds. */
const linePause = minutes(1);

/** Tracks whether the database refuses writes, and logs it as an error: at once, then once a minute while it lasts. */
export class WriteWatch {
  private reason: Reason | undefined;
  private refused = 0;
  private saidAt = Number.NEGATIVE_INFINITY;
  private readonly checks = new SharedWork(() => this.look());
  private readonly space = new SharedWork(async () => void (await this.sql.pool.query(takeSpace)), seconds(1));

  constructor(
    private readonly sql: Sql,
    private readonly log: Logger,
  ) {}

  /** Call with every error of the database. */
  note(error: unknown): void {
    const reason = writeRefusal(error);
    if (!reason) return;
    this.refused += 1;
    if (reason === this.reason && performance.now() - this.saidAt < linePause) return;
    this.reason = reason;
    this.saidAt = performance.now();
    this.log.error({ refused: this.refused }, `${reasons[reason]}; changes are answered SERVICE_UNAVAILABLE`);
  }

  /** Rejects while the database is unreachable or refuses writes. Concurrent calls share one query. */
  assertWritable(): Promise<void> {
    return this.checks.run();
  }

  private async look(): Promise<void> {
    const state = await this.sql.row<{ isStandby: boolean; isReadOnly: boolean }>(readOnly);
    if (state?.isStandby || state?.isReadOnly) {
      const error = Object.assign(new Error(reasons['read-only']), { code: '25006' });
      this.note(error);
      throw error;
    }
    // With a full disk, writes that fit into existing pages still succeed; only allocating new pages shows the truth.
    if (this.reason === 'full') await this.space.run();
    if (this.reason) this.log.info({ refused: this.refused }, 'The database takes writes again');
    this.reason = undefined;
    this.refused = 0;
    this.saidAt = Number.NEGATIVE_INFINITY;
  }
}
