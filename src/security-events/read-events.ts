import { Parameters } from '../database/keyset.js';
import type { Sql } from '../database/sql.js';
import { type EventFilter, eventColumns, eventConditions, type SecurityEventRow } from './event-rows.js';

/** @returns the newest published events, the oldest of them first */
export async function newestEvents(sql: Sql, most: number): Promise<SecurityEventRow[]> {
  const rows = await sql.rows<SecurityEventRow>(
    `select ${eventColumns} from security_events e order by e.sequence desc limit $1`,
    [most],
  );
  return rows.reverse();
}

/** @returns published events behind a sequence number, the oldest first */
export const eventsBehind = (sql: Sql, sequence: number, most: number): Promise<SecurityEventRow[]> =>
  sql.rows<SecurityEventRow>(
    `select ${eventColumns} from security_events e where e.sequence > $1 order by e.sequence limit $2`,
    [String(sequence), most],
  );

/** A range of sequence numbers: behind `from`, up to and including `to`. */
export interface SequenceRange {
  readonly from: number;
  readonly to: number;
}

/** @returns the events of a range that match the filter, the oldest first */
export function eventsWithin(
  sql: Sql,
  { from, to }: SequenceRange,
  filter: EventFilter | null | undefined,
  most: number,
): Promise<SecurityEventRow[]> {
  const parameters = new Parameters();
  const where = [
    ...eventConditions(filter, parameters),
    `e.sequence > ${parameters.add(String(from))}`,
    `e.sequence <= ${parameters.add(String(to))}`,
  ];
  const text = `select ${eventColumns} from security_events e where ${where.join(' and ')} order by e.sequence limit ${most}`;
  return sql.rows<SecurityEventRow>(text, parameters.values);
}

/** @returns the smallest sequence number that is still kept; undefined for an empty table */
export async function smallestSequence(sql: Sql): Promise<number | undefined> {
  const row = await sql.row<{ smallest: string | null }>('select min(sequence)::text as smallest from security_events');
  return row?.smallest == null ? undefined : Number(row.smallest);
}
