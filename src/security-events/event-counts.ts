import { atLeast, type BoundedCount, boundedCount, estimate, exactly, mostCounted } from '../database/bounded-count.js';
import { Parameters } from '../database/keyset.js';
import type { Sql } from '../database/sql.js';
import { rangeConditions, sequenceRange } from './event-range.js';
import { type EventFilter, eventConditions, planningOf } from './event-rows.js';
import { countFound } from './event-search.js';

/** Numbers have no gaps, so all events need not be counted. */
const all = `select coalesce(max(e.sequence) - min(e.sequence) + 1, 0)::int as count from security_events e`;

/** Counts as `boundedCount` does; without a filter the number is exact. */
export async function countEvents(sql: Sql, filter: EventFilter | null | undefined): Promise<BoundedCount> {
  if (!filter || Object.values(filter).every((value) => value == null))
    return exactly((await sql.row<{ count: number }>(all))?.count ?? 0);
  const range = await sequenceRange(sql, filter);
  if (range === 'empty') return exactly(0);
  const parameters = new Parameters();
  const where = [...eventConditions(filter, parameters), ...rangeConditions(range, parameters)].join(' and ');
  const events = `from security_events e where ${where}`;
  if (filter.text == null) return boundedCount(sql, events, parameters.values, planningOf(filter));
  const found = await countFound(sql, { filter, ranges: [range], backward: true }, mostCounted);
  return found <= mostCounted ? exactly(found) : atLeast(found, await estimate(sql, events, parameters.values));
}
