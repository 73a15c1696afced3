import { type CursorPosition, type PageRequest, Parameters, windowOf } from '../database/keyset.js';
import { type Page, pageOf } from '../database/pages.js';
import { badInput } from '../errors.js';
import type { Operation } from '../operation.js';
import { countEvents } from './event-counts.js';
import { rangeConditions, sequenceRange } from './event-range.js';
import { cursorOf, type EventFilter, eventColumns, eventConditions, type SecurityEventRow } from './event-rows.js';

/** Lists published events, oldest first; `last` reads the newest. @throws BAD_USER_INPUT for invalid page arguments */
export async function listEvents(
  operation: Operation,
  filter: EventFilter | null | undefined,
  page: PageRequest,
): Promise<Page<SecurityEventRow>> {
  const window = windowOf(page);
  const { sql } = operation.services.database;
  const counted = lazily(() => countEvents(sql, filter));
  const counts = { total: async () => (await counted()).count, isEstimate: async () => (await counted()).isEstimate };
  const range = await sequenceRange(sql, filter);
  if (range === 'empty') return { ...pageOf<SecurityEventRow>([], window, cursorOf, counts.total), ...counts };
  const parameters = new Parameters();
  const where = [...eventConditions(filter, parameters), ...rangeConditions(range, parameters)];
  if (window.after) where.push(`e.sequence > ${parameters.add(sequenceOf(window.after))}`);
  if (window.before) where.push(`e.sequence < ${parameters.add(sequenceOf(window.before))}`);
  const text = `select ${eventColumns} from security_events e where ${where.join(' and ')}
    order by e.sequence ${window.backward ? 'desc' : 'asc'} limit ${parameters.add(window.size + 1)} offset ${parameters.add(window.offset)}`;
  const rows = await sql.rows<SecurityEventRow>(text, parameters.values);
  return { ...pageOf(rows, window, cursorOf, counts.total), ...counts };
}

function lazily<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** @throws BAD_USER_INPUT for a cursor that belongs to another list */
export function sequenceOf(place: CursorPosition): string {
  if (!/^\d{1,18}$/.test(place.value)) throw badInput('The cursor is not one of this list.');
  return place.value;
}
