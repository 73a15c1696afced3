import { totalsOf } from '../database/bounded-count.js';
import { type CursorPosition, type PageRequest, Parameters, type Window, windowOf } from '../database/keyset.js';
import { type Page, pageOf } from '../database/pages.js';
import type { Sql } from '../database/sql.js';
import { badInput } from '../errors.js';
import type { Operation } from '../operation.js';
import { countEvents } from './event-counts.js';
import { rangeConditions, type SequenceRange, sequenceRange } from './event-range.js';
import {
  cursorOf,
  type EventFilter,
  eventColumns,
  eventConditions,
  planningOf,
  type SecurityEventRow,
} from './event-rows.js';
import { searchEvents } from './event-search.js';
import { soughtWords } from './event-words.js';

/**
 * Lists published events, oldest first; `last` reads the newest.
 * @throws BAD_USER_INPUT for invalid page arguments, and for a text that `soughtWords` refuses
 */
export async function listEvents(
  operation: Operation,
  filter: EventFilter | null | undefined,
  page: PageRequest,
): Promise<Page<SecurityEventRow>> {
  const window = windowOf(page);
  const { lists: sql } = operation.services.database;
  const counts = totalsOf(() => countEvents(sql, filter));
  if (filter?.text != null) soughtWords(filter.text);
  const range = await sequenceRange(sql, filter);
  const rows = range === 'empty' ? [] : await rowsIn(sql, { filter, window, ranges: [range, cursorRange(window)] });
  return { ...pageOf(rows, window, cursorOf, counts.total), ...counts };
}

interface Listing {
  readonly filter: EventFilter | null | undefined;
  readonly ranges: readonly SequenceRange[];
  readonly window: Window;
}

function rowsIn(sql: Sql, { filter, ranges, window }: Listing): Promise<SecurityEventRow[]> {
  const { backward, size, offset } = window;
  if (filter?.text != null) return searchEvents(sql, { filter, ranges, backward }, window);
  const parameters = new Parameters();
  const where = [
    ...eventConditions(filter, parameters),
    ...ranges.flatMap((range) => rangeConditions(range, parameters)),
  ].join(' and ');
  const text = `select ${eventColumns} from security_events e where ${where}
    order by e.sequence ${backward ? 'desc' : 'asc'} limit ${parameters.add(size + 1)} offset ${parameters.add(offset)}`;
  return sql.rows<SecurityEventRow>(text, parameters.values, planningOf(filter));
}

/** Between the cursors of a page. */
const cursorRange = ({ after, before }: Window): SequenceRange => ({
  from: after ? String(BigInt(sequenceOf(after)) + 1n) : null,
  to: before ? String(BigInt(sequenceOf(before)) - 1n) : null,
});

/** @throws BAD_USER_INPUT for a cursor that belongs to another list */
export function sequenceOf(place: CursorPosition): string {
  if (!/^\d{1,18}$/.test(place.value)) throw badInput('The cursor is not one of this list.');
  return place.value;
}
