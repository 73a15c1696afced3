import { advisoryLocks } from '../../database/advisory-locks.js';
import type { TransactionTerms } from '../../database/database.js';
import type { Transaction } from '../../database/transaction.js';
import type { Services } from '../../services.js';
import { asVector, wordsOf } from '../event-words.js';
import { chainedContent, EventChain } from './event-chain.js';
import { type Head, writeHead } from './event-heads.js';

/** Most events that one transaction publishes. */
const batchSize = 1000;

interface Ends {
  /** Id of the oldest transaction that still runs. */
  readonly running: string;
  /** The last event; null when there is none. */
  readonly sequence: string | null;
  /** Null for an event of before the chain. */
  readonly hash: Buffer | null;
  /** The newest head; null when there is none. */
  readonly headSequence: string | null;
  readonly headHash: Buffer | null;
  /** Of what is published now. */
  readonly publishedAt: Date;
  /** Whether the month of that instant has a partition. */
  readonly hasPartition: boolean;
}

interface Waiting {
  readonly id: string;
  readonly content: string;
  readonly details: unknown;
  readonly writtenBy: string;
  readonly position: string;
}

/** Each row has the ends; the only one of an empty outbox has no event. */
type Found = Ends & (Waiting | { readonly id: null });

export interface Published {
  /** The last event that was published; undefined when none was waiting. */
  readonly end: Head | undefined;
  /** A transaction id. Whatever earlier transactions have written is published. */
  readonly seenBefore: string;
  /** Whether there were more events than one batch has. */
  readonly isFull: boolean;
  /** Milliseconds by which the clock is behind the instant of publication, which never goes back. */
  readonly clockBehind: number;
}

/**
 * A process that stands still in the middle must not hold up the others. The lock comes with the first statement, so what
 * follows sees all that was published before. Nobody is told of the commit, which leaves nothing to publish.
 */
const terms: TransactionTerms = {
  first: `set_config('idle_in_transaction_session_timeout', '2s', true), pg_advisory_xact_lock(${advisoryLocks.publishing})`,
  isTold: false,
};

/** In one snapshot: what a transaction before `running` has written is among the events, if anything is. */
const find = `
  select pg_snapshot_xmin(pg_current_snapshot())::text as running, e.sequence::text, e.hash,
    h.sequence::text as "headSequence", h.hash as "headHash", at.published as "publishedAt",
    to_regclass('security_events_' || to_char(at.published at time zone 'UTC', 'YYYY_MM')) is not null as "hasPartition",
    o.id, o."writtenBy", o.position, o.details, o.content
  from (select) here
    left join lateral (select e.* from security_events e order by e.sequence desc limit 1) e on true
    left join lateral (select h.* from event_heads h order by h.sequence desc, h.signed_at desc limit 1) h on true
    cross join lateral (select greatest($2::timestamptz, date_trunc('milliseconds', e.published_at)) as published) at
    left join lateral (
      select o.id, o.written_by::text as "writtenBy", o.position::text, o.details, ${chainedContent('o', 'at.published')} as content
      from security_event_outbox o where o.written_by >= $1::text::xid8 order by o.written_by, o.position limit ${batchSize}
    ) o on true`;

const facts =
  'id, position, type, occurred_at, actor_id, subject_id, session_id, ip_address, user_agent, request_id, details';

const move = `
  with link as (
    select * from unnest($1::uuid[], $2::bigint[], $3::bytea[], $5::text[]) as link (event_id, sequence, hash, words)
  ), taken as (
    delete from security_event_outbox o using link where o.id = link.event_id returning o.*, link.sequence, link.hash, link.words
  ), kept as (
    insert into security_events (sequence, hash, published_at, words, ${facts})
    select sequence, hash, $4, nullif(words, '')::tsvector, ${facts} from taken order by sequence returning 1
  ) select count(*)::int as count, gatehouse_tell('published') from kept`;

/**
 * Publishes committed events: gives them the next numbers and hashes, and moves them from the outbox to `security_events`.
 * Numbers are given after the commit, so a reader that has seen number n has seen all smaller ones, even when transactions
 * commit late.
 * @param from `seenBefore` of the last batch of this process, or '0' to look at everything. An old snapshot, such as that of
 *   a backup, keeps what was deleted from the outbox, and reading past it would take ever longer
 */
export const publishBatch = (services: Services, from: string): Promise<Published> =>
  services.database.transaction(async (tx) => {
    const now = services.clock.now();
    const found = await tx.rows<Found>(find, [from, now]);
    const [ends] = found;
    if (!ends) throw new Error('a select without a source has a row');
    const end = await endOf(tx, services, ends);
    const events = found.filter((row): row is Ends & Waiting => row.id !== null);
    const newEnd =
      events.length > 0 ? await moveEvents(tx, services, { end, ends, events: inOrder(events) }) : undefined;
    const isFull = events.length === batchSize;
    const seenBefore = isFull ? earliest(ends.running, events) : ends.running;
    return { end: newEnd, seenBefore, isFull, clockBehind: ends.publishedAt.getTime() - now.getTime() };
  }, terms);

/** In which they were written, as far as a batch reaches: one that waited for another's lock comes after it. */
const inOrder = (events: readonly Waiting[]): Waiting[] =>
  [...events].sort((one, other) => Number(BigInt(one.position) - BigInt(other.position)));

/** The oldest of the transactions that still run and those whose events may be left. */
function earliest(running: string, events: readonly Waiting[]): string {
  const last = events.reduce((latest, { writtenBy }) => (BigInt(writtenBy) > latest ? BigInt(writtenBy) : latest), 0n);
  return last < BigInt(running) ? String(last) : running;
}

interface Batch {
  readonly end: Head;
  readonly ends: Ends;
  readonly events: readonly Waiting[];
}

async function moveEvents(tx: Transaction, { secrets }: Services, { end, ends, events }: Batch): Promise<Head> {
  const { publishedAt, hasPartition } = ends;
  if (!hasPartition) await tx.rows('select gatehouse_event_partition($1)', [publishedAt]);
  const chain = new EventChain(secrets);
  const sequences = events.map((_, n) => String(BigInt(end.sequence) + BigInt(n + 1)));
  const words = events.map(({ details }) => asVector(wordsOf(details)));
  const hashes: Buffer[] = [];
  let previous = end.hash;
  for (const [n, { content }] of events.entries()) {
    previous = chain.link(previous, String(sequences[n]), content);
    hashes.push(previous);
  }
  const moved = await tx.row<{ count: number }>(move, [
    events.map(({ id }) => id),
    sequences,
    hashes,
    publishedAt,
    words,
  ]);
  if (moved?.count !== events.length) throw new Error('The outbox of security events has changed while it was read');
  return { sequence: sequences.at(-1) ?? end.sequence, hash: previous };
}

/** Where the chain goes on: behind the newest event or, when there is none, the newest head. Begins it if there is neither. */
async function endOf(tx: Transaction, services: Services, { sequence, hash, ...head }: Ends): Promise<Head> {
  const { headSequence, headHash } = head;
  if (headSequence !== null && headHash) {
    // An event without a hash has been tampered with. That is for verification to tell; numbers go on.
    const isBehind = sequence !== null && BigInt(sequence) >= BigInt(headSequence);
    return isBehind ? { sequence, hash: hash ?? headHash } : { sequence: headSequence, hash: headHash };
  }
  const genesis = { sequence: sequence ?? '0', hash: new EventChain(services.secrets).begin() };
  await writeHead(tx, services, 'genesis', genesis);
  return genesis;
}
