import type { Services } from '../../services.js';
import { type ChainFault, type ChainReport, ChainWalk, type SignedHeads } from './chain-walk.js';
import { EventChain } from './event-chain.js';
import { allHeads } from './signed-heads.js';
import { keepReport } from './verifications.js';
import { beginning, type RowPlace, walkPage } from './walk-page.js';

/** Events that one statement reads. */
const pageSize = 5000;

/**
 * Walks the whole chain in pages and compares each event with its hash, and the hashes with the signed heads. Remembers the
 * report, which administrators read.
 * @param kept heads that were kept outside the database, one JWT each
 */
export async function verifyChain(services: Services, kept: readonly string[] = []): Promise<ChainReport> {
  const heads = await allHeads(services, kept);
  let report = heads ? await walk(services, heads) : await withoutHeads(services, kept);
  const later = report.fault && (await allHeads(services, kept));
  // A month was dropped meanwhile.
  if (heads && later && later.start.sequence !== heads.start.sequence) report = await walk(services, later);
  await keepReport(services, report);
  return report;
}

async function withoutHeads(services: Services, kept: readonly string[]): Promise<ChainReport> {
  // Asked again: the chain may have begun meanwhile.
  const isWrong = kept.length > 0 || ((await hasBegun(services)) && !(await allHeads(services, kept)));
  const fault: ChainFault | null = isWrong ? { kind: 'HEADS', sequence: '0' } : null;
  return { from: null, to: null, verified: 0, uncovered: 0, heads: 0, fault };
}

/** Whether anything was ever published. Only where nothing was are there rightly no heads. */
export async function hasBegun({ database }: Services): Promise<boolean> {
  const row = await database.sql.row(
    'select from event_heads union all (select from security_events where hash is not null limit 1)',
  );
  return row !== undefined;
}

async function walk(services: Services, heads: SignedHeads): Promise<ChainReport> {
  const chain = new ChainWalk(new EventChain(services.secrets), heads);
  return chain.report((await firstFault(services, chain)) ?? chain.cutOff() ?? null);
}

async function firstFault({ database }: Services, chain: ChainWalk): Promise<ChainFault | undefined> {
  let place: RowPlace = beginning;
  for (;;) {
    const walked = await walkPage(database.sql, chain, place, pageSize);
    if (walked.fault || walked.isLast) return walked.fault;
    ({ place } = walked);
  }
}
