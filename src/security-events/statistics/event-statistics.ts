import { hours } from '../../clock.js';
import type { Sql } from '../../database/sql.js';
import { badInput } from '../../errors.js';
import type { Services } from '../../services.js';
import type { SecurityEventType } from '../event-types.js';
import { occurrences } from './occurrences.js';

/** Length of a bucket; also the values of the GraphQL enum. */
export enum StatisticsInterval {
  HOUR = 'HOUR',
  DAY = 'DAY',
}

export interface StatisticsQuery {
  readonly from: Date;
  readonly to: Date;
  readonly interval: keyof typeof StatisticsInterval;
  /** Name of the IANA database, in whose days the buckets of DAY are. */
  readonly timeZone: string;
  readonly types?: readonly SecurityEventType[] | null | undefined;
}

/** The events of one type. */
export interface EventSeries {
  readonly type: SecurityEventType;
  /** How often it happened: an event that stands for many refusals counts as many. */
  readonly count: number;
  /** How many events tell of it, as the list has them. */
  readonly events: number;
  /** `count` of each bucket. */
  readonly counts: readonly number[];
}

export interface EventStatistics {
  readonly starts: readonly Date[];
  readonly series: readonly EventSeries[];
  /** Since when everything is counted; null: as long as events are kept. */
  readonly countedSince: Date | null;
  readonly isComplete: boolean;
}

export const mostBuckets = 400;

/** Published events that no run of the job has counted yet, and that are counted one by one. */
export const mostUncounted = 50_000;

/**
 * Where the buckets begin. Those of DAY begin at midnight in the time zone $4, so the day of a change of the clocks has 23
 * or 25 hours.
 */
const startsOf = `
  select array(
    select case $3 when 'DAY' then place at time zone $4 else place at time zone 'UTC' end
    from generate_series(
      case $3 when 'DAY' then date_trunc('day', $1::timestamptz at time zone $4) else date_trunc('hour', $1::timestamptz at time zone 'UTC') end,
      case $3 when 'DAY' then $2::timestamptz at time zone $4 else $2::timestamptz at time zone 'UTC' end,
      case $3 when 'DAY' then interval '1 day' else interval '1 hour' end
    ) place where case $3 when 'DAY' then place at time zone $4 else place at time zone 'UTC' end < $2::timestamptz
  ) as starts`;

/** One snapshot: what a run of the job adds to the counts is not counted again as news. */
const sums = `
  with held as materialized (select counted_to from event_counting),
  counted as (
    select c.hour, c.type, c.events, c.occurrences from event_counts c where c.hour >= $1 and c.hour < $2
    union all
    select date_trunc('hour', e.occurred_at, 'UTC'), e.type, count(*), sum(${occurrences})
    from security_events e
    where e.sequence > (select counted_to from held) and e.sequence <= (select counted_to + ${mostUncounted} from held)
      and e.occurred_at >= $1 and e.occurred_at < $2 group by 1, 2
  )
  select width_bucket(c.hour, $3::timestamptz[]) - 1 as bucket, c.type, sum(c.events)::float8 as events, sum(c.occurrences)::float8 as count
  from counted c where $4::text[] is null or c.type = any($4) group by 1, 2 order by 2, 1`;

interface Sum {
  readonly bucket: number;
  readonly type: SecurityEventType;
  readonly events: number;
  readonly count: number;
}

const standing = `
  select (select max(e.sequence) from security_events e) > n.counted_to + ${mostUncounted} as "isBehind",
    (select e.published_at from security_events e where e.sequence = n.counted_from) as "countedSince"
  from event_counting n`;

/**
 * Counts security events by type and by hour or day. Hours are those of UTC: in a time zone that is not whole hours apart
 * from it, the events of an hour belong to the day in which the hour began.
 * @throws BAD_USER_INPUT for a span that is empty or has more than 400 buckets
 */
export async function eventStatistics(services: Services, query: StatisticsQuery): Promise<EventStatistics> {
  const { sql } = services.database;
  assertSpan(query);
  const { from, to, types } = query;
  const starts = await startsIn(sql, query);
  if (starts.length > mostBuckets) throw tooLong();
  const [first, last] = [wholeHour(starts[0] ?? from), wholeHour(to)];
  const found = await sql.rows<Sum>(sums, [first, last, starts.map((at) => at.toISOString()), types ?? null], 'fresh');
  const { isBehind, countedSince = null } =
    (await sql.row<{ isBehind: boolean | null; countedSince: Date | null }>(standing)) ?? {};
  const isComplete = !isBehind && !(countedSince && countedSince > from);
  return { starts, series: seriesOf(found, starts.length), countedSince, isComplete };
}

/** @throws BAD_USER_INPUT for a time zone that PostgreSQL does not know */
async function startsIn(sql: Sql, { from, to, interval, timeZone }: StatisticsQuery): Promise<Date[]> {
  const reading = sql.row<{ starts: Date[] }>(startsOf, [from, to, interval, timeZone]);
  const row = await reading.catch((error: unknown) => {
    throw Object(error).code === invalidParameter ? badInput('The time zone is not known to PostgreSQL.') : error;
  });
  return row?.starts ?? [];
}

/** SQLSTATE invalid_parameter_value. */
const invalidParameter = '22023';

/** The instant, or the next at which an hour begins. */
const wholeHour = (at: Date): Date => new Date(Math.ceil(at.getTime() / hours(1)) * hours(1));

const tooLong = () => badInput(`The span has more than ${mostBuckets} intervals.`);

/** @throws BAD_USER_INPUT */
function assertSpan({ from, to, interval }: StatisticsQuery): void {
  if (from >= to) throw badInput('`from` must be before `to`.');
  const length = hours(interval === 'DAY' ? 24 : 1);
  if ((to.getTime() - from.getTime()) / length > mostBuckets) throw tooLong();
}

function seriesOf(found: readonly Sum[], length: number): EventSeries[] {
  const series = new Map<SecurityEventType, { count: number; events: number; counts: number[] }>();
  for (const { bucket, type, events, count } of found) {
    const one = series.get(type) ?? { count: 0, events: 0, counts: new Array<number>(length).fill(0) };
    one.counts[bucket] = count;
    one.count += count;
    one.events += events;
    series.set(type, one);
  }
  return [...series].map(([type, one]) => ({ type, ...one }));
}
