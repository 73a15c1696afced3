import type { Planning, Sql } from './sql.js';
import type { SqlValue } from './sql-values.js';

export interface BoundedCount {
  readonly count: number;
  /** Whether it is PostgreSQL's estimate. */
  readonly isEstimate: boolean;
}

/** How long a list is, counted at most once and only when it is asked for; parts of a `Page`. */
export function totalsOf(count: () => Promise<BoundedCount>) {
  let made: Promise<BoundedCount> | undefined;
  const counted = () => {
    made ??= count();
    return made;
  };
  return { total: async () => (await counted()).count, isEstimate: async () => (await counted()).isEstimate };
}

/** Rows that are counted one by one at most. */
export const mostCounted = 10_000;

export const exactly = (count: number): BoundedCount => ({ count, isEstimate: false });

/**
 * Counts without reading more than 10,000 rows. Beyond that it is PostgreSQL's estimate, by its statistics.
 * @param from the statement from `from` on, such as `from users u where u.is_active`
 */
export async function boundedCount(
  sql: Sql,
  from: string,
  values: readonly SqlValue[] = [],
  planning?: Planning,
): Promise<BoundedCount> {
  const text = `select count(*)::int as count from (select ${from} limit ${mostCounted + 1}) counted`;
  const count = (await sql.row<{ count: number }>(text, values, planning))?.count ?? 0;
  return count <= mostCounted ? exactly(count) : atLeast(count, await estimate(sql, from, values));
}

/** An estimate that is not below what was counted. */
export const atLeast = (count: number, estimated: number): BoundedCount => ({
  count: Math.max(count, estimated),
  isEstimate: true,
});

interface Plan {
  readonly 'QUERY PLAN': readonly [{ readonly Plan: { readonly 'Plan Rows': number } }];
}

/** @returns how many rows PostgreSQL expects; see `boundedCount` */
export async function estimate(sql: Sql, from: string, values: readonly SqlValue[]): Promise<number> {
  const plan = await sql.row<Plan>(`explain (format json) select ${from}`, values, 'fresh');
  return plan?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
}
