import { advisoryLocks } from '../../database/advisory-locks.js';
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
  readonly publishedAt: Date | null;
  /** The newest head; null when there is none. */
  readonly headSequence: string | null;
  readonly headHash: Buffer | null;
}

interface Waiting {
  readonly id: string;
  readonly content: string;
  readonly details: unknown;
  readonly writtenBy: string;
  readonly position: string;
}

export interface Published {
  /** The last event that was published; undefined when none was waiting. */
  readonly end: Head | undefined;
  /** A transaction id. Whatever earlier transactions have written is published. */
  readonly seenBefore: string;
  /** Milliseconds by which the clock is behind the instant of publication, which never goes back. */
  readonly clockBehind: number;
}

/** A process that stands still in the middle must not hold up the others. */
const begin = `
  select set_config('idle_in_transaction_session_timeout', '2s', true), pg_advisory_xact_lock(${advisoryLocks.publishing})`;

/** Read before the events: a transaction that had ended by then is seen by the statement that follows. */
const ends = `
  select pg_snapshot_xmin(pg_current_snapshot())::text as running, e.sequence::text, e.hash, e.published_at as "publishedAt",
    h.sequence::text as "headSequence", h.hash as "headHash"
  from (select) here
    left join lateral (select e.* from security_events e order by e.sequence desc limit 1) e on true
    left join lateral (select h.* from event_heads h order by h.sequence desc, h.signed_at desc limit 1) h on true`;

const waiting = `
  select o.id, o.written_by::text as "writtenBy", o.position::text, o.details,
    ${chainedContent('o', '$2::timestamptz')} as content
  from security_event_outbox o where o.written_by >= $1::text::xid8 order by o.written_by, o.position limit ${batchSize}`;

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
  ) select count(*)::int as count, pg_notify('gatehouse', 'published') from kept`;

/**
 * Publishes committed events: gives them the next numbers and hashes, and moves them from the outbox to `security_events`.
 * Numbers are given after the commit, so a reader that has seen number n has seen all smaller ones, even when transactions
 * commit late.
 * @param from `seenBefore` of the last batch of this process, or '0' to look at everything. An old snapshot, such as that of
 *   a backup, keeps what was deleted from the outbox, and reading past it would take ever longer
 */
export const publishBatch = (services: Services, from: string): Promise<Published> =>
  services.database.transaction(async (tx) => {
    await tx.rows(begin);
    const [found] = await tx.rows<Ends>(ends);
    if (!found) throw new Error('a select without a source has a row');
    const { running } = found;
    const end = await endOf(tx, services, found);
    const now = services.clock.now();
    const publishedAt = later(now, found.publishedAt);
    const events = await tx.rows<Waiting>(waiting, [from, publishedAt]);
    // In the order in which they were written, as far as a batch reaches: one that waited for another's lock comes after it.
    const ordered = [...events].sort((one, other) => Number(BigInt(one.position) - BigInt(other.position)));
    const newEnd =
      events.length > 0 ? await moveEvents(tx, services, { end, events: ordered, publishedAt }) : undefined;
    const seenBefore = events.length === batchSize ? earlier(running, events.at(-1)?.writtenBy) : running;
    const clockBehind = publishedAt.getTime() - now.getTime();
    return { end: newEnd, seenBefore, clockBehind };
  });

interface Batch {
  readonly end: Head;
  readonly events: readonly Waiting[];
  readonly publishedAt: Date;
}

async function moveEvents(tx: Transaction, { secrets }: Services, { end, events, publishedAt }: Batch): Promise<Head> {
  await tx.rows('select gatehouse_event_partition($1)', [publishedAt]);
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

const earlier = (one: string, other: string | undefined): string =>
  other && BigInt(other) < BigInt(one) ? other : one;
const later = (one: Date, other: Date | null): Date => (other && other > one ? other : one);
