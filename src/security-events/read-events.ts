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

/** An event's place in the record; the id tells it from one that had the number before the database was restored. */
export interface Place {
  readonly sequence: number;
  readonly id: string;
}

/** The smallest number that is kept; when none is, the next that will be given, which a signed head tells. */
const smallest = `coalesce(
  (select min(e.sequence) from security_events e), (select max(h.sequence) + 1 from event_heads h), 1)`;

const places = `
  select ${smallest}::text as smallest, exists (
    select from security_events e where e.sequence = $1 and e.id::text = $2) as "isThere"`;

/**
 * Whether every event behind `from` is kept, for somebody who has seen those up to the place. False as well when the
 * place is not one of this record: the database was restored to an earlier state.
 * @param from sequence number, not before the place
 */
export async function goesOn(sql: Sql, place: Place, from: number): Promise<boolean> {
  const row = await sql.row<{ smallest: string; isThere: boolean }>(places, [String(place.sequence), place.id]);
  const least = Number(row?.smallest);
  return from >= least - 1 && (!!row?.isThere || place.sequence < least);
}

/** @returns the number of the newest event that was published and dropped, for a table without events; 0 if there is none */
export async function lastDropped(sql: Sql): Promise<number> {
  const row = await sql.row<{ smallest: string }>(`select ${smallest}::text as smallest`);
  return Number(row?.smallest) - 1;
}
