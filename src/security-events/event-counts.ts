import { Parameters } from '../database/keyset.js';
import type { Planning, Sql } from '../database/sql.js';
import { rangeConditions, sequenceRange } from './event-range.js';
import { type EventFilter, eventConditions, planningOf } from './event-rows.js';
import { countFound } from './event-search.js';

export interface EventCount {
  readonly count: number;
  readonly isEstimate: boolean;
}

/** Events that are counted one by one at most. */
const mostCounted = 10_000;

/** Numbers have no gaps, so all events need not be counted. */
const all = `select coalesce(max(e.sequence) - min(e.sequence) + 1, 0)::int as count from security_events e`;

/**
 * Counts without reading more than 10,000 events. Beyond that it is PostgreSQL's estimate, by the statistics of the table;
 * without a filter the number is exact.
 */
export async function countEvents(sql: Sql, filter: EventFilter | null | undefined): Promise<EventCount> {
  if (!filter || Object.values(filter).every((value) => value == null)) return exactly(await numberIn(sql, all));
  const range = await sequenceRange(sql, filter);
  if (range === 'empty') return exactly(0);
  const parameters = new Parameters();
  const where = [...eventConditions(filter, parameters), ...rangeConditions(range, parameters)].join(' and ');
  const events = `select from security_events e where ${where}`;
  const bounded = `select count(*)::int as count from (${events} limit ${mostCounted + 1}) counted`;
  const count =
    filter.text == null
      ? await numberIn(sql, bounded, parameters, planningOf(filter))
      : await countFound(sql, { filter, ranges: [range], backward: true }, mostCounted);
  if (count <= mostCounted) return exactly(count);
  return { count: Math.max(count, await estimate(sql, events, parameters)), isEstimate: true };
}

const exactly = (count: number): EventCount => ({ count, isEstimate: false });

const numberIn = async (sql: Sql, text: string, { values } = new Parameters(), planning?: Planning): Promise<number> =>
  (await sql.row<{ count: number }>(text, values, planning))?.count ?? 0;

interface Plan {
  readonly 'QUERY PLAN': readonly [{ readonly Plan: { readonly 'Plan Rows': number } }];
}

async function estimate(sql: Sql, events: string, { values }: Parameters): Promise<number> {
  const plan = await sql.row<Plan>(`explain (format json) ${events}`, values, 'fresh');
  return plan?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
}
