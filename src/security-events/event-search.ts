import { Parameters, type Window } from '../database/keyset.js';
import type { Sql } from '../database/sql.js';
import { rangeConditions, type SequenceRange } from './event-range.js';
import { type EventFilter, eventColumns, eventConditions, type SecurityEventRow } from './event-rows.js';

/** Sequence numbers, both inclusive. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

interface Search {
  readonly filter: EventFilter;
  /** The events lie within all of them. */
  readonly ranges: readonly SequenceRange[];
  /** Begins with the newest. */
  readonly backward: boolean;
}

/** Sequence numbers of the first stretch; each further one has eight times as many, up to the largest. */
const firstStretch = 256;
const growth = 8;
const largestStretch = 1_000_000;

/**
 * Finds events by the words in their details. The index of words has no order, so reading all that it finds and sorting it
 * takes long for a common word, and reading all events in order takes long for a rare one; PostgreSQL does not know which
 * it is where the page lies. Therefore stretches of the list are searched one after the other, each with the index that
 * suits it, until there are enough: common words are found in the first ones, and a rare word is looked up once in each.
 * @returns events in the order in which they are read, one more than the page holds when another page follows
 */
export async function searchEvents(sql: Sql, search: Search, { size, offset }: Window): Promise<SecurityEventRow[]> {
  const sequences: string[] = [];
  let skipped = 0;
  for await (const stretch of stretches(sql, search)) {
    const found = await findIn(sql, search, stretch, { skip: offset - skipped, most: size + 1 - sequences.length });
    skipped += Math.min(found.count, offset - skipped);
    sequences.push(...found.sequences);
    if (sequences.length > size) break;
  }
  return sql.rows<SecurityEventRow>(
    `select ${eventColumns} from security_events e where e.sequence = any($1::bigint[])
     order by e.sequence ${search.backward ? 'desc' : 'asc'}`,
    [sequences],
  );
}

/** Counts until there are more than `most`. */
export async function countFound(sql: Sql, search: Search, most: number): Promise<number> {
  let count = 0;
  for await (const stretch of stretches(sql, search)) {
    count += (await findIn(sql, search, stretch, { skip: 0, most: 0 })).count;
    if (count > most) break;
  }
  return count;
}

async function* stretches(sql: Sql, { ranges, backward }: Search): AsyncGenerator<Stretch> {
  const parameters = new Parameters();
  const where = ['true', ...ranges.flatMap((range) => rangeConditions(range, parameters))].join(' and ');
  const ends = await sql.row<{ from: string | null; to: string | null }>(
    `select min(e.sequence)::text as "from", max(e.sequence)::text as "to" from security_events e where ${where}`,
    parameters.values,
  );
  if (ends?.from == null || ends.to == null) return;
  let [from, to] = [Number(ends.from), Number(ends.to)];
  for (let length = firstStretch; from <= to; length = Math.min(length * growth, largestStretch)) {
    if (backward) {
      yield { from: Math.max(from, to - length + 1), to };
      to -= length;
    } else {
      yield { from, to: Math.min(to, from + length - 1) };
      from += length;
    }
  }
}

interface Found {
  /** Of the whole stretch. */
  readonly count: number;
  readonly sequences: readonly string[];
}

/** Materialized: with the limit in sight, PostgreSQL reads events in order and hopes to meet enough of them. */
async function findIn(
  sql: Sql,
  { filter, backward }: Search,
  { from, to }: Stretch,
  { skip, most }: { readonly skip: number; readonly most: number },
): Promise<Found> {
  const parameters = new Parameters();
  const range = { from: String(from), to: String(to) };
  const where = [...eventConditions(filter, parameters), ...rangeConditions(range, parameters)].join(' and ');
  const text = `with found as materialized (select e.sequence from security_events e where ${where})
    select (select count(*)::int from found) as count, array(
      select f.sequence from found f order by f.sequence ${backward ? 'desc' : 'asc'}
      limit ${parameters.add(most)} offset ${parameters.add(skip)}
    )::text[] as sequences`;
  return (await sql.row<Found>(text, parameters.values, 'fresh')) ?? { count: 0, sequences: [] };
}
