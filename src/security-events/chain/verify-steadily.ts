import { days } from '../../clock.js';
import type { Services } from '../../services.js';
import { eventBySequence } from '../event-rows.js';
import type { ChainFault } from './chain-walk.js';
import { keepReport, lastReport } from './verifications.js';
import { verifyPart } from './verify-part.js';
import { beginning, type RowPlace } from './walk-page.js';
import { forgetWalk, type Kept, loadWalk, storeWalk, type WalkState } from './walk-state.js';

/** Longest time for which a run begins further pages, in milliseconds: with the interval, its share of a processor. */
const longestRun = 500;
/** Least time from the beginning of one walk along the whole record to that of the next, in milliseconds. */
const pause = days(1);

/**
 * Verifies the record of security events bit by bit: what was published since the last run, and the next part of a walk along the
 * whole record, which begins once a day. Each gets half a second, and at least one page. What is found stays in
 * `event_verifications` until somebody verifies the record by the command, and is in the log each time it is met.
 * @param signal looked at before each page
 */
export async function verifySteadily(services: Services, signal?: AbortSignal): Promise<void> {
  for (const step of [followNewest, goOnWithWhole]) {
    const end = performance.now() + longestRun;
    do signal?.throwIfAborted();
    while ((await step(services)) && performance.now() < end);
  }
}

/** Begins at the end of the record; what is there already is verified by the other walk. */
async function followNewest(services: Services): Promise<boolean> {
  const kept = (await loadWalk(services, 'newest')) ?? (await beginAtEnd(services));
  if (!kept) return false;
  const gone = await goneSince(services, kept.state);
  const part = gone
    ? { state: kept.state, fault: gone, hasWalked: false, isLast: true }
    : await verifyPart(services, kept.state, false);
  if (part.fault) {
    // It goes on at the end of the record: what lies between is for people to look at.
    await forgetWalk(services, 'newest');
    await tell(services, part.state, part.fault);
  } else if (part.hasWalked) await storeWalk(services, 'newest', part.state, kept);
  return part.hasWalked && !part.isLast && !part.fault;
}

async function goOnWithWhole(services: Services): Promise<boolean> {
  const kept = await loadWalk(services, 'whole');
  const now = services.clock.now();
  const begunAt = kept ? new Date(kept.state.begunAt) : undefined;
  if (kept?.state.isOver && Math.abs(now.getTime() - Number(begunAt)) < pause) return false;
  const from = kept && !kept.state.isOver ? kept.state : begun(services, beginning, '', kept?.state.intact ?? null);
  const { state, fault, hasWalked, isLast } = await verifyPart(services, from, true);
  if (!hasWalked && !fault) return false;
  const isOver = isLast || fault !== null;
  const { verified, uncovered, checkedAt: at } = state;
  const intact = isOver && !fault ? { at, to: state.place.sequence, verified, uncovered } : state.intact;
  await storeWalk(services, 'whole', { ...state, isOver, intact }, kept);
  if (fault) await tell(services, state, fault);
  return !isOver;
}

const begun = (services: Services, place: RowPlace, hash: string, intact: WalkState['intact']): WalkState => {
  const begunAt = services.clock.now().toISOString();
  return { begunAt, checkedAt: begunAt, place, hash, verified: 0, uncovered: 0, isOver: false, intact };
};

const lastRow = `
  select e.sequence::text, e.published_at::text as "publishedAt", coalesce(encode(e.hash, 'hex'), '') as hash
  from security_events e order by e.sequence desc, e.published_at desc limit 1`;

async function beginAtEnd(services: Services): Promise<Kept | undefined> {
  const last = await services.database.sql.row<RowPlace & { hash: string }>(lastRow);
  const { hash = '', ...place } = last ?? { ...beginning, hash: '' };
  return storeWalk(services, 'newest', begun(services, place, hash, null), undefined);
}

/** The newest number that is kept, what is kept under a number, and up to which number events were dropped rightly. */
const standing = `
  select (select max(e.sequence) from security_events e)::text as newest,
    (select coalesce(encode(e.hash, 'hex'), '') from security_events e where e.sequence = $1 order by e.published_at limit 1) as hash,
    (select max(h.sequence) from event_heads h where h.kind <> 'interval')::text as start`;

interface Standing {
  readonly newest: string | null;
  readonly hash: string | null;
  readonly start: string | null;
}

/** What has happened to the event that was verified last. */
async function goneSince({ database }: Services, { place, hash }: WalkState): Promise<ChainFault | undefined> {
  if (place.sequence === beginning.sequence) return undefined;
  const now = await database.sql.row<Standing>(standing, [place.sequence]);
  if (now?.hash === hash) return undefined;
  if (BigInt(now?.start ?? 0) >= BigInt(place.sequence)) return undefined;
  if (now?.hash != null) return { kind: 'REPLACED', sequence: place.sequence };
  const newest = BigInt(now?.newest ?? now?.start ?? 0);
  return newest > BigInt(place.sequence)
    ? { kind: 'MISSING', sequence: place.sequence }
    : { kind: 'TRUNCATED', sequence: String(newest + 1n) };
}

/** Logs a fault, and keeps it unless an earlier one stands. @param state of the walk that has met it */
async function tell(services: Services, { place, verified, uncovered }: WalkState, fault: ChainFault): Promise<void> {
  const { kind, sequence } = fault;
  const event = await eventBySequence(services.database.sql, sequence);
  services.log.error(
    { fault: kind, sequence, eventId: event?.id },
    'The record of security events was tampered with. `gatehouse events verify --heads` compares it with heads that were kept',
  );
  if ((await lastReport(services))?.report.fault) return;
  const to = place.sequence === beginning.sequence ? null : place.sequence;
  await keepReport(services, { from: null, to, verified, uncovered, heads: 0, fault });
}
