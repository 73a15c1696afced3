import type { Sql } from '../database/sql.js';
import type { SecretBox } from '../secrets.js';

/** Points by caller. */
export type Points = ReadonlyMap<string, number>;

/** What each caller has spent in all processes. */
export interface Costs {
  /**
   * Adds what was spent, and reads the sums. Windows end at the same instant in every process.
   * @param spent may be negative, for a refund
   * @param windowEnd in milliseconds since 1970
   * @returns the sum of each caller in `spent`
   */
  add(spent: Points, windowEnd: number): Promise<Points>;
}

/** What each caller has spent, in the database. The table is shared with the counters of the other rate limits. */
export class CostStore implements Costs {
  constructor(
    private readonly sql: Sql,
    private readonly secrets: SecretBox,
  ) {}

  /**
   * In one statement for all callers. A row of an earlier window starts again from the new amount; an amount for a
   * window that has ended is ignored.
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

/**
 * Rows are written in key order, so that statements of two processes cannot deadlock. A refund for what is not known here
 * leaves 0, or less than 0, which is read as 0: it does not become points to spend.
 */
const statement = `insert into rate_limits as r (key, points, expire)
  select key, points, $3::bigint from unnest($1::text[], $2::int[]) as spent (key, points) order by key
  on conflict (key) do update set
    points = case when r.expire < excluded.expire then excluded.points
      when r.expire > excluded.expire then r.points
      else least(greatest(greatest(r.points, 0)::bigint + excluded.points, 0), 2147483647)::int end,
    expire = greatest(r.expire, excluded.expire)
  returning key, greatest(points, 0) as points`;
