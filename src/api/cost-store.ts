import type { Sql } from '../database/sql.js';
import type { SecretBox } from '../secrets.js';

/** Points by caller. */
export type Points = ReadonlyMap<string, number>;

/** What each caller has spent in all processes. The table is shared with the counters of the other rate limits. */
export class CostStore {
  constructor(
    private readonly sql: Sql,
    private readonly secrets: SecretBox,
  ) {}

  /**
   * Adds what was spent and reads the sums, in one statement for all callers. Windows end at the same instant in every
   * process. A row of an earlier window starts again from the new amount; an amount for a window that has ended is
   * ignored.
   * @param windowEnd in milliseconds since 1970
   * @returns the sum of each caller in `spent`
   */
  async add(spent: Points, windowEnd: number): Promise<Points> {
    const owners = new Map([...spent.keys()].map((owner) => [this.keyOf(owner), owner]));
    const rows = await this.sql.rows<{ key: string; points: number }>(statement, [
      [...owners.keys()],
      [...spent.values()],
      windowEnd,
    ]);
    return new Map(rows.map(({ key, points }) => [owners.get(key) ?? '', points]));
  }

  /** A keyed digest, because callers can be network addresses, which the table should not contain. */
  private keyOf(owner: string): string {
    return `cost:${this.secrets.derive('cost budget', owner)}`;
  }
}

/** Rows are written in key order, so that statements of two processes cannot deadlock. */
const statement = `insert into rate_limits as r (key, points, expire)
  select key, points, $3::bigint from unnest($1::text[], $2::int[]) as spent (key, points) order by key
  on conflict (key) do update set
    points = case when r.expire < excluded.expire then excluded.points
      when r.expire > excluded.expire then r.points
      else least(r.points::bigint + excluded.points, 2147483647)::int end,
    expire = greatest(r.expire, excluded.expire)
  returning key, points`;
