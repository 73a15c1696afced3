import { type Clock, minutes } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Logger } from '../operations/logging.js';
import { Repeating } from '../operations/repeating.js';
import type { Caller } from '../policy/caller.js';

declare module '../services.js' {
  interface Services {
    readonly lastUses: LastUses;
  }
}

type Table = 'sessions' | 'api_tokens';

/** Skips locked rows: waiting for them could deadlock with a transaction that ends many sessions. */
const write = (table: Table): string => `
  with used as (select * from unnest($1::uuid[], $2::timestamptz[]) as used (id, at)),
    free as (select t.id from ${table} t join used on used.id = t.id for no key update of t skip locked)
  update ${table} t set last_used_at = used.at
  from used join free on free.id = used.id
  where t.id = used.id and (t.last_used_at is null or t.last_used_at < used.at)`;

/**
 * When sessions and API tokens were last used. Collected in memory and written once a minute instead of with each
 * request.
 */
export class LastUses {
  private readonly gathered = { sessions: new Map<string, Date>(), api_tokens: new Map<string, Date>() };
  private readonly writing: Repeating;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    log: Logger,
  ) {
    this.writing = new Repeating('writing of last uses', () => this.flush(), minutes(1), log);
  }

  /** Notes a use; it is written later. */
  note({ sessionId, apiToken }: Pick<Caller, 'sessionId' | 'apiToken'>, at = this.clock.now()): void {
    if (sessionId) this.gathered.sessions.set(sessionId, at);
    if (apiToken) this.gathered.api_tokens.set(apiToken.id, at);
  }

  start(): Promise<void> {
    return this.writing.start();
  }

  /** Writes what was collected since the last write; errors are ignored. */
  async close(): Promise<void> {
    await this.writing.close();
    await this.flush().catch(() => undefined);
  }

  /**
   * Writes what was collected.
   * @throws when the database fails; the values are kept for the next call
   */
  async flush(): Promise<void> {
    for (const table of ['sessions', 'api_tokens'] as const) {
      const uses = this.gathered[table];
      if (uses.size === 0) continue;
      this.gathered[table] = new Map();
      const instants = [...uses.values()].map((at) => at.toISOString());
      try {
        await this.database.sql.rows(write(table), [[...uses.keys()], instants]);
      } catch (error) {
        // Kept for the next call; uses noted meanwhile are newer and take precedence.
        this.gathered[table] = new Map([...uses, ...this.gathered[table]]);
        throw error;
      }
    }
  }
}
