import { seconds } from '../clock.js';
import { longestSilence } from './heartbeat.js';
import { type Attendance, attendance } from './signal-readers.js';

/** Most signals that are read at once; when there are more, everything is forgotten instead. */
export const mostSignals = 1000;
/**
 * Longest time between two beats, in milliseconds of the database's clock, after which the second one is believed at once. So
 * whoever believes a beat has an earlier one, not older than this, that all others can see.
 */
export const longestPause = seconds(1);
/** A reader whose last beat is older, in milliseconds, believes nothing: more than both together. */
const believing = longestPause + longestSilence + 250;

/** As `topic:detail`, like notifications. */
export type SignalText = string;

/** What is read of the outbox at once. */
export interface Reading extends Attendance {
  /** New since the snapshot that was given; one more than `mostSignals` when there are too many. */
  readonly news: readonly SignalText[];
}

export interface Beat extends Reading {
  /** When it was written, by the database's clock, in milliseconds since 1970. */
  readonly writtenAt: number;
}

export interface Call extends Beat {
  /** Its transaction. */
  readonly id: string;
  /** Other processes that may answer from memory and read the outbox. */
  readonly awaited: readonly string[];
  /** Whether some are notified instead. */
  readonly hasListeners: boolean;
}

/** Along the index of the table, also when its statistics are of a time at which it was empty. */
const some = `order by written_by limit ${mostSignals + 1}`;

/**
 * Parameters: the reader's id and its last snapshot. What is new was written by transactions that had not ended then: by those
 * that the snapshot lists, or later ones. So however long one of them runs, nothing is read twice.
 */
const reading = `
  ${attendance}, (
    select coalesce(json_agg(topic || ':' || detail), '[]') from (
      (select topic, detail from signal_outbox where written_by >= pg_snapshot_xmax($2::text::pg_snapshot) ${some})
      union all
      select topic, detail from pg_snapshot_xip($2::text::pg_snapshot) running (id),
        lateral (select topic, detail from signal_outbox where written_by = running.id ${some}) late
      limit ${mostSignals + 1}
    ) new
  ) as news`;

/** Read without a trace. */
export const look = `select ${reading}`;

const written = `
  with own as (insert into signal_beats (reader, seen) values ($1::uuid, $2::text::pg_snapshot) returning heard_at)`;
const beating = `${reading}, extract(epoch from own.heard_at)::float8 * 1000 as "writtenAt"`;

/** Tells the others that this reader is there and has taken note of everything up to its last snapshot. */
export const beat = `${written} select ${beating} from own`;

/** A beat that also says whom to wait for. */
export const call = `${written}
  select ${beating}, pg_current_xact_id()::text as id, array(
      select distinct b.reader::text from signal_beats b join signal_readers r on r.id = b.reader
      where r.hears = 'outbox' and r.id <> $1::uuid
        and b.heard_at > statement_timestamp() - interval '${believing} milliseconds'
    ) as awaited, exists (select from signal_readers where hears = 'notify') as "hasListeners"
  from own`;

/**
 * Those who are still to be waited for. Parameters: the id of a call, and readers. One that has left believes nothing any more.
 */
export const unheard = `
  select id::text from signal_readers where id = any ($2::uuid[]) and hears = 'outbox' and not exists (
    select from signal_beats where reader = id and pg_visible_in_snapshot($1::text::xid8, seen)
      and heard_at > statement_timestamp() - interval '${believing} milliseconds')`;

/** Whether a reader that is not told may answer from memory. No parameters. */
export const anyReader = `
  exists (
    select from signal_readers r where r.hears = 'outbox' and exists (
      select from signal_beats where reader = r.id and heard_at > statement_timestamp() - interval '${believing} milliseconds'))`;

/**
 * Deletes what everybody has read. Parameters: a reader, a snapshot of its line of more than a minute ago, and the one that was
 * given before it or null. Does nothing when the reader is registered no more: after a failover that has lost transactions, ids of
 * before may be given to others.
 */
export const tidyOutbox = `
  delete from signal_outbox where pg_visible_in_snapshot(written_by, $2::text::pg_snapshot)
    and written_by < pg_snapshot_xmax($2::text::pg_snapshot)
    and (written_by >= coalesce(pg_snapshot_xmax($3::text::pg_snapshot), '0'::xid8)
      or written_by = any (array(select pg_snapshot_xip($3::text::pg_snapshot))))
    and exists (select from signal_readers where id = $1::uuid and hears = 'outbox')`;

/** Deletes what a copy of another server's tables has brought along: no transaction of this one can be that new. */
export const dropForeign = 'delete from signal_outbox where written_by >= pg_snapshot_xmax(pg_current_snapshot())';
