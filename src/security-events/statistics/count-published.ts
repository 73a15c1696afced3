import type { Transaction } from '../../database/transaction.js';
import type { Services } from '../../services.js';
import { SecurityEventType } from '../event-types.js';
import { occurrences } from './occurrences.js';

/** Events that one transaction counts. */
const batchSize = 10_000;
/** Longest time for which a run begins further batches of old events, in milliseconds. */
const longestRun = 500;

/** Of the events that are counted, those behind `from` up to and including `to`. Sequence numbers. */
interface Counted {
  readonly from: string;
  readonly to: string;
}

const held = `select counted_from::text as "from", counted_to::text as "to" from event_counting for update`;

/** Types of events of which failures by address are counted, too. */
export const failureTypes = [SecurityEventType.LOGIN_FAILED, SecurityEventType.TWO_FACTOR_FAILED] as const;

/** Adds the events of `batch` to the counts, and moves the bound of what is counted. Parameter: where the batch begins. */
const addingUp = (batch: string, moved: string): string => `
  with batch as materialized (select e.* from security_events e where ${batch} limit ${batchSize}),
  added as (
    insert into event_counts as c (hour, type, month, events, occurrences)
    select date_trunc('hour', e.occurred_at, 'UTC'), e.type, to_char(e.published_at at time zone 'UTC', 'YYYY_MM'),
      count(*), sum(${occurrences}) from batch e group by 1, 2, 3
    on conflict (hour, type, month) do update
      set events = c.events + excluded.events, occurrences = c.occurrences + excluded.occurrences
  ), failed as (
    insert into failure_counts as c (ip_address, hour, month, occurrences, first_at, last_at, last_sequence)
    select e.ip_address, date_trunc('hour', e.occurred_at, 'UTC'), to_char(e.published_at at time zone 'UTC', 'YYYY_MM'),
      sum(${occurrences}), min(e.occurred_at), max(e.occurred_at), max(e.sequence)
    from batch e where e.type in (${failureTypes.map((type) => `'${type}'`).join()}) and e.ip_address is not null group by 1, 2, 3
    on conflict (ip_address, hour, month) do update set occurrences = c.occurrences + excluded.occurrences,
      first_at = least(c.first_at, excluded.first_at), last_at = greatest(c.last_at, excluded.last_at),
      last_sequence = greatest(c.last_sequence, excluded.last_sequence)
  ), moved as (update event_counting set ${moved})
  select count(*)::int as count from batch`;

const newer = addingUp(
  'e.sequence > $1::bigint order by e.sequence',
  'counted_to = greatest(counted_to, (select max(sequence) from batch))',
);
const older = addingUp(
  'e.sequence <= $1::bigint order by e.sequence desc',
  `counted_from = case when (select count(*) from batch) = ${batchSize} then (select min(sequence) - 1 from batch) else 0 end`,
);

/**
 * Counts what was published since the last run, and for half a second what was published before the counts were
 * introduced, backwards. The bounds of what is counted are moved in the same transaction, so each event is counted once,
 * whichever process does it and whenever it is killed.
 * @param signal looked at before each batch
 */
export async function countPublished(services: Services, signal?: AbortSignal): Promise<void> {
  const next = (work: Batch) => {
    signal?.throwIfAborted();
    return services.database.transaction(work);
  };
  while (await next(countNewer));
  const end = performance.now() + longestRun;
  while ((await next(countOlder)) && performance.now() < end);
}

/** @returns whether there is more to count */
type Batch = (tx: Transaction) => Promise<boolean>;

/** Two statements: only the second sees everything that was published before the lock was free. */
const countNewer: Batch = async (tx) => {
  const counted = await tx.row<Counted>(held);
  return counted !== undefined && (await addUp(tx, newer, counted.to)) === batchSize;
};

const countOlder: Batch = async (tx) => {
  const counted = await tx.row<Counted>(held);
  return counted !== undefined && counted.from !== '0' && (await addUp(tx, older, counted.from)) === batchSize;
};

const addUp = async (tx: Transaction, text: string, place: string): Promise<number> =>
  (await tx.row<{ count: number }>(text, [place]))?.count ?? 0;
