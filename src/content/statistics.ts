import { LRUCache } from 'lru-cache';
import { type Clock, minutes } from '../clock.js';
import type { Signals } from '../database/signals.js';
import type { Sql } from '../database/sql.js';
import { SharedWorks } from '../operations/shared-work.js';

declare module '../services.js' {
  interface Services {
    readonly statistics: Statistics;
  }
}

export interface UserStatistics {
  readonly postsCount: number;
  readonly commentsCount: number;
  /** Number of sessions that have neither ended nor expired. */
  readonly sessionsCount: number;
  /** The latest use of a session, or creation of a post or comment. */
  readonly lastActivityAt: Date | null;
}

interface Row extends UserStatistics {
  readonly id: string;
}

interface Remembered {
  readonly row: Row;
  readonly readAt: Date;
}

const text = `
  select u.id,
    (select count(*)::int from posts p where p.author_id = u.id) as "postsCount",
    (select count(*)::int from comments c where c.author_id = u.id) as "commentsCount",
    (select count(*)::int from sessions s where s.user_id = u.id and s.ended_at is null and s.expires_at > $2) as "sessionsCount",
    greatest((select max(s.last_used_at) from sessions s where s.user_id = u.id),
      (select max(p.created_at) from posts p where p.author_id = u.id),
      (select max(c.created_at) from comments c where c.author_id = u.id)) as "lastActivityAt"
  from users u where u.id = any($1::uuid[])`;

const longestRemembered = minutes(1);
const most = 50_000;

/**
 * Statistics about the activity of accounts. Counting is expensive, so results are cached for a minute. Every process
 * drops an account's entry as soon as a commit adds or removes one of its posts or comments, and does not use the cache
 * while signals do not arrive.
 */
export class Statistics {
  private readonly known = new LRUCache<string, Remembered>({ max: most });
  /** Counts invalidations: rows read before a change must not fill the cache after it. */
  private changes = 0;
  /** Concurrent callers that ask for the same accounts share one statement. */
  private readonly readings = new SharedWorks<Row[]>();

  constructor(
    private readonly sql: Sql,
    private readonly signals: Signals,
    private readonly clock: Clock,
  ) {
    signals.on('author', (id) => this.forget(id));
    signals.on('reset', () => this.forget());
  }

  /** @returns statistics in the order of the ids; undefined for an unknown account. Sends at most one statement. */
  async ofUsers(ids: readonly string[]): Promise<(UserStatistics | undefined)[]> {
    const now = this.clock.now();
    const hears = await this.signals.hears();
    const found = new Map(ids.map((id) => [id, hears ? this.remembered(id, now) : undefined]));
    const missing = ids.filter((id) => !found.get(id));
    if (missing.length > 0)
      for (const row of await this.readings.run(missing.join(), () => this.read(missing))) found.set(row.id, row);
    return ids.map((id) => found.get(id));
  }

  private remembered(id: string, now: Date): Row | undefined {
    const known = this.known.get(id);
    return known && now.getTime() - known.readAt.getTime() < longestRemembered ? known.row : undefined;
  }

  private async read(ids: readonly string[]): Promise<Row[]> {
    const now = this.clock.now();
    const before = this.changes;
    const rows = await this.sql.rows<Row>(text, [ids, now]);
    if (before === this.changes) for (const row of rows) this.known.set(row.id, { row, readAt: now });
    return rows;
  }

  /** @param id account whose entry is dropped; undefined: all */
  private forget(id?: string): void {
    this.changes += 1;
    if (id) this.known.delete(id);
    else this.known.clear();
  }
}
