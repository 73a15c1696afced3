import { after } from '../../clock.js';
import { takeAdvisoryLock } from '../../database/advisory-locks.js';
import type { Transaction } from '../../database/transaction.js';
import type { Services } from '../../services.js';
import { chainedContent, EventChain } from './event-chain.js';
import { type Head, newestHead, writeHead } from './event-heads.js';

/** Partitions whose month was over at an instant, the oldest first; never the one that is published to. */
const due = `
  select p.name from (
    select c.relname as name, to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' as "end"
    from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'security_events'::regclass
  ) p where p."end" at time zone 'UTC' <= $1 order by p."end"`;

const startOfKept = `
  delete from event_heads where kind <> 'genesis' and sequence < $1::bigint`;

/** The last event of a partition, and the one before it wherever that is. */
const lastTwo = (partition: string): string => `
  select e.sequence::text, e.hash, ${chainedContent('e', 'e.published_at')} as content
  from security_events e where e.sequence <= (select max(p.sequence) from "${partition}" p)
  order by e.sequence desc, e.published_at desc limit 2`;

const isNewer = (partition: string): string => `
  select from security_events e where e.tableoid <> '"${partition}"'::regclass
    and e.sequence <= (select max(p.sequence) from "${partition}" p) and e.published_at > (select max(p.published_at) from "${partition}" p)`;

/** Of the statistics, which count no events that are no longer kept. */
const forgetCounts = ['event_counts', 'failure_counts'].map((table) => `delete from ${table} where month = $1`);
const monthLength = 'YYYY_MM'.length;

interface Last extends Head {
  readonly content: string;
}

const keptFrom = ({ clock, config }: Services): Date => after(clock.now(), -config.eventRetention);

/** Parameters: the expired months, now. @returns those that were expired an hour ago, give or take the interval of the job */
const confirmed = `
  with forgotten as (
    delete from expired_event_months m where m.name <> all ($1::text[])
  ), noted as (
    insert into expired_event_months (name, found_at) select name, $2 from unnest($1::text[]) name on conflict do nothing
  ) select m.name from expired_event_months m where m.name = any ($1) and m.found_at <= $2::timestamptz - interval '50 minutes'`;

/**
 * Drops months that two looks, an hour apart, find expired: a clock that leaps ahead for some minutes drops nothing.
 * @param signal looked at before each month
 * @throws see `dropExpiredEvents`
 */
export async function tendRetention(services: Services, signal?: AbortSignal): Promise<void> {
  const expired = await expiredMonths(services);
  const found = await services.database.sql.rows<{ name: string }>(confirmed, [expired, services.clock.now()]);
  const lasting = new Set(found.map(({ name }) => name));
  const lastingOnes = expired.filter((month) => lasting.has(month));
  await dropExpiredEvents(services, lastingOnes, signal);
}

/** @returns partitions of months that are over for longer than EVENT_RETENTION, the oldest first */
async function expiredMonths(services: Services): Promise<string[]> {
  const rows = await services.database.sql.rows<{ name: string }>(due, [keptFrom(services)]);
  return rows.map(({ name }) => name);
}

/**
 * Drops the security events of expired months. The last event that is dropped stays as a signed head, so that the chain
 * can be verified from there. Nothing is dropped before the chain has begun.
 * @param months of those of `expiredMonths`, the oldest first; default: all
 * @param signal looked at before each month
 * @returns how many months were dropped
 * @throws when the end of a month is not part of the chain: a head would confirm what somebody has put there
 */
export async function dropExpiredEvents(
  services: Services,
  months?: readonly string[],
  signal?: AbortSignal,
): Promise<number> {
  const { database, log } = services;
  await database.sql.rows('delete from event_verifications where verified_at < $1', [keptFrom(services)]);
  if (!(await newestHead(database.sql))) return 0;
  const expired = months ?? (await expiredMonths(services));
  for (const name of expired) {
    signal?.throwIfAborted();
    await database.transaction((tx) => dropMonth(tx, services, name));
    log.info({ partition: name }, 'A month of security events older than EVENT_RETENTION was dropped');
  }
  return expired.length;
}

/** @param partition a name that the catalogue gave; it is an identifier in the statement */
async function dropMonth(tx: Transaction, services: Services, partition: string): Promise<void> {
  // Waiting for a lock of the whole table would hold up everybody who reads it, for as long as a backup runs.
  await tx.rows("set local lock_timeout = '500ms'");
  await takeAdvisoryLock(tx, 'publishing');
  const [last, previous] = await tx.rows<Last>(lastTwo(partition));
  const start = await startOf(tx);
  if (last && !isGenuine(services, { last, previous: previous ?? start, start }))
    throw new Error('The end of an expired month of security events does not fit into the chain');
  if ((await tx.rows(isNewer(partition))).length > 0)
    throw new Error('An expired month of security events holds a number of a later one');
  await tx.rows(`drop table "${partition}"`);
  for (const forget of forgetCounts) await tx.rows(forget, [partition.slice(-monthLength)]);
  // Events from before the chain have no hash; the chain begins behind them anyway.
  if (!last?.hash) return;
  await writeHead(tx, services, 'retention', last);
  await tx.rows(startOfKept, [last.sequence]);
}

/** Where the chain that is kept begins. */
const startOf = async (tx: Transaction): Promise<Head | undefined> =>
  tx.row<Head>(
    `select h.sequence::text, h.hash from event_heads h where h.kind in ('genesis', 'retention') order by h.sequence desc limit 1`,
  );

interface End {
  readonly last: Last;
  readonly previous: Head | undefined;
  readonly start: Head | undefined;
}

/** Whether the hash follows upon that of the event before, which nobody can make up who lacks the key. */
function isGenuine({ secrets }: Services, { last, previous, start }: End): boolean {
  if (!last.hash) return !!start && BigInt(last.sequence) <= BigInt(start.sequence);
  const before = start && BigInt(start.sequence) === BigInt(last.sequence) - 1n ? start : previous;
  if (!before?.hash || BigInt(before.sequence) !== BigInt(last.sequence) - 1n) return false;
  return new EventChain(secrets).link(before.hash, last.sequence, last.content).equals(last.hash);
}
