import type { Services } from '../../services.js';
import type { ChainFault } from './chain-walk.js';
import { lastReport, type Verification } from './verifications.js';
import { beginning } from './walk-page.js';
import { type Intact, loadWalk, type WalkState } from './walk-state.js';

/** What is known of the record, from the command and from the job. */
export interface VerificationStatus {
  readonly verifiedAt: Date;
  /** When the whole record was last found intact; null when it was not yet. */
  readonly wholeVerifiedAt: Date | null;
  readonly verified: number;
  readonly uncovered: number;
  /** Number of the event up to which all were verified; null when none was. */
  readonly to: string | null;
  readonly fault: ChainFault | null;
}

/** @returns undefined when nothing was verified yet */
export async function verificationStatus(services: Services): Promise<VerificationStatus | undefined> {
  const last = await lastReport(services);
  const [newest, whole] = [(await loadWalk(services, 'newest'))?.state, (await loadWalk(services, 'whole'))?.state];
  const intact = later(ofCommand(last), whole?.intact ?? null);
  const wholeVerifiedAt = intact && new Date(intact.at);
  if (last?.report.fault) return { ...last.report, verifiedAt: last.verifiedAt, wholeVerifiedAt };
  if (!intact) return whole && { ...sinceBeginning(whole), wholeVerifiedAt, fault: null };
  const isBeyond = newest && BigInt(newest.place.sequence) > BigInt(intact.to);
  const to = isBeyond ? newest.place.sequence : intact.to;
  const verified = intact.verified + Number(BigInt(to) - BigInt(intact.to));
  const instants = [intact.at, newest?.checkedAt ?? intact.at].map((instant) => new Date(instant).getTime());
  const verifiedAt = new Date(Math.max(...instants));
  return { verifiedAt, wholeVerifiedAt, verified, uncovered: intact.uncovered, to, fault: null };
}

function ofCommand(last: Verification | undefined): Intact | null {
  if (!last || last.report.fault) return null;
  const { to, verified, uncovered } = last.report;
  return { at: last.verifiedAt.toISOString(), to: to ?? '0', verified, uncovered };
}

/** The one that has come further, whatever the clock was. */
function later(one: Intact | null, other: Intact | null): Intact | null {
  if (!one || !other) return one ?? other;
  const [left, right] = [BigInt(one.to), BigInt(other.to)];
  return left > right || (left === right && one.at > other.at) ? one : other;
}

/** The first walk along the whole record is under way. */
function sinceBeginning({ checkedAt, verified, uncovered, place }: WalkState) {
  const to = place.sequence === beginning.sequence ? null : place.sequence;
  return { verifiedAt: new Date(checkedAt), verified, uncovered, to };
}
