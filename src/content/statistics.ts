import { type Clock, minutes } from '../clock.js';
import { type CacheUse, SignalledCache } from '../database/signalled-cache.js';
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

/** How active accounts are. Counting is expensive, so it is remembered for a minute. */
export class Statistics {
  private readonly known: SignalledCache<Remembered>;
  /** Many that ask for the same accounts at a time count once. */
  private readonly readings = new SharedWorks<ReadonlyMap<string, Remembered>>();

  constructor(
    private readonly sql: Sql,
    signals: Signals,
    private readonly clock: Clock,
  ) {
    const isCurrent = ({ readAt }: Remembered) => clock.now().getTime() - readAt.getTime() < longestRemembered;
    this.known = new SignalledCache(signals, { topics: [], bounds: { max: most }, isCurrent });
    signals.on('author', (id) => this.known.forget(id));
  }

  get cacheUse(): CacheUse {
    return this.known.use;
  }

  /** @returns statistics in the order of the ids; undefined for an unknown account. Sends at most one statement. */
  async ofUsers(ids: readonly string[]): Promise<(UserStatistics | undefined)[]> {
    const known = await this.known.peekAll(ids);
    const missing = ids.filter((id) => !known.has(id));
    const read = missing.length > 0 ? await this.readings.run(missing.join(), () => this.read(missing)) : known;
    return ids.map((id) => (known.get(id) ?? read.get(id))?.row);
  }

  private read(ids: readonly string[]): Promise<ReadonlyMap<string, Remembered>> {
    return this.known.read(async () => {
      const readAt = this.clock.now();
      const rows = await this.sql.rows<Row>(text, [ids, readAt]);
      return new Map(rows.map((row) => [row.id, { row, readAt }]));
    });
  }
}
