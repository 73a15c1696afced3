import type { Parameters } from '../database/keyset.js';
import type { Sql } from '../database/sql.js';
import type { EventFilter } from './event-rows.js';

/** Sequence numbers, both inclusive; null: no bound. */
export interface SequenceRange {
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * Events that were published at another time than they happened, with an index of their own: written while no service ran,
 * or under a clock that was wrong. They are few.
 */
const isOdd = `o.published_at - o.occurred_at not between interval '-1 minute' and interval '1 hour'`;

const range = `
  select least(
    (select e.sequence from security_events e where e.published_at >= $1::timestamptz - interval '1 minute'
     order by e.published_at, e.sequence limit 1),
    (select min(o.sequence) from security_events o where ${isOdd} and o.occurred_at >= $1::timestamptz)
  )::text as "from", greatest(
    (select e.sequence from security_events e where e.published_at < $2::timestamptz + interval '1 hour'
     order by e.published_at desc, e.sequence desc limit 1),
    (select max(o.sequence) from security_events o where ${isOdd} and o.occurred_at < $2::timestamptz)
  )::text as "to"`;

/**
 * Translates the instants of a filter to a range of numbers, in which all of its events lie. Events are published in the
 * order of their numbers and soon after they happen, so two look-ups in an index find it, and the list needs no more than
 * the index by number.
 * @returns 'empty' when no event can match
 */
export async function sequenceRange(
  sql: Sql,
  filter: EventFilter | null | undefined,
): Promise<SequenceRange | 'empty'> {
  const { since, until } = filter ?? {};
  if (!since && !until) return { from: null, to: null };
  const found = await sql.row<SequenceRange>(range, [since ?? '-infinity', until ?? 'infinity']);
  return !found || found.from === null || found.to === null ? 'empty' : found;
}

/** @returns SQL conditions on `security_events e` */
export const rangeConditions = ({ from, to }: SequenceRange, parameters: Parameters): string[] => [
  ...(from === null ? [] : [`e.sequence >= ${parameters.add(from)}::bigint`]),
  ...(to === null ? [] : [`e.sequence <= ${parameters.add(to)}::bigint`]),
];
