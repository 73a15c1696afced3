import type { Services } from '../../services.js';
import { type ChainFault, ChainWalk, type SignedHeads } from './chain-walk.js';
import { EventChain } from './event-chain.js';
import type { Head } from './event-heads.js';
import { headsBehind, isBehind } from './signed-heads.js';
import { hasBegun } from './verify-chain.js';
import { walkPage } from './walk-page.js';
import type { WalkState } from './walk-state.js';

/** Events that one statement reads: a page holds up requests for some ten milliseconds. */
const pageSize = 1000;

export interface Part {
  /** As it was where the walk went no further. */
  readonly state: WalkState;
  readonly fault: ChainFault | null;
  /** False when there was nothing to walk along yet, or the record has changed meanwhile. */
  readonly hasWalked: boolean;
  /** Whether the walk has reached the end of the record. */
  readonly isLast: boolean;
}

/**
 * Walks along the next events of the record.
 * @param toEnd whether signed heads of events behind the end of the record are a fault
 */
export async function verifyPart(services: Services, state: WalkState, toEnd: boolean): Promise<Part> {
  const heads = await headsBehind(services, state.place.sequence, pageSize);
  if (!heads) return withoutHeads(services, state);
  const walk = new ChainWalk(new EventChain(services.secrets), heads, startOf(state, heads));
  const { fault: found, place, isLast } = await walkPage(services.database.sql, walk, state.place, pageSize);
  const fault = found ?? (isLast && toEnd ? walk.cutOff() : undefined) ?? null;
  // A month was dropped meanwhile: the next part begins behind it.
  if (fault && (await hasMoved(services, heads))) return { state, fault: null, hasWalked: false, isLast: false };
  const { verified, uncovered } = walk;
  const counts = { verified: state.verified + verified, uncovered: state.uncovered + uncovered };
  const hash = walk.end.hash.toString('hex');
  const checkedAt = services.clock.now().toISOString();
  return { state: { ...state, ...counts, place, hash, checkedAt }, fault, hasWalked: true, isLast };
}

/** Behind the event of the walk, or behind what was dropped or recorded before the chain. */
const startOf = ({ place, hash }: WalkState, { start }: SignedHeads): Head =>
  isBehind(place, start) ? { sequence: place.sequence, hash: Buffer.from(hash, 'hex') } : start;

async function withoutHeads(services: Services, state: WalkState): Promise<Part> {
  // Asked again: the chain may have begun meanwhile.
  const isWrong = (await hasBegun(services)) && !(await headsBehind(services, state.place.sequence, pageSize));
  const fault: ChainFault | null = isWrong ? { kind: 'HEADS', sequence: '0' } : null;
  return { state, fault, hasWalked: false, isLast: true };
}

async function hasMoved(services: Services, heads: SignedHeads): Promise<boolean> {
  const later = await headsBehind(services, heads.start.sequence, 0);
  return later !== undefined && isBehind(later.start, heads.start);
}
