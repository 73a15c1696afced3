import type { Services } from '../../services.js';
import { type ChainFault, ChainWalk, type Link, type SignedHeads } from './chain-walk.js';
import { chainedContent, EventChain } from './event-chain.js';
import { type Head, readHead, type SignedHead } from './event-heads.js';

export interface ChainReport {
  /** Numbers of the first and the last event that fit; null when none was checked. */
  readonly from: string | null;
  readonly to: string | null;
  readonly verified: number;
  /** Events from before the chain, which have no hash. */
  readonly uncovered: number;
  /** How many signed heads were compared with the events. */
  readonly heads: number;
  /** The first fault; null when everything fits. */
  readonly fault: ChainFault | null;
}

/** Events that one statement reads. */
const pageSize = 5000;
/** How many events behind a fault are read to name it. */
const lookAhead = 1000;

const page = `
  select e.sequence::text, e.published_at::text as "publishedAt", e.hash, ${chainedContent('e', 'e.published_at')} as content
  from security_events e where (e.sequence, e.published_at) > ($1::bigint, $2::timestamptz)
  order by e.sequence, e.published_at limit ${pageSize}`;

const storedHeads = `
  select h.sequence::text, h.hash, h.kind, h.signature, h.signed_at as "signedAt" from event_heads h`;

/**
 * Walks the whole chain in pages and compares each event with its hash, and the hashes with the signed heads. Remembers the
 * report, which administrators read.
 * @param kept heads that were kept outside the database, one JWT each
 */
export async function verifyChain(services: Services, kept: readonly string[] = []): Promise<ChainReport> {
  const heads = await signedHeads(services, kept);
  let report = heads ? await walk(services, heads) : await withoutHeads(services, kept);
  const later = report.fault && (await signedHeads(services, kept));
  // A month was dropped meanwhile.
  if (heads && later && later.start.sequence !== heads.start.sequence) report = await walk(services, later);
  await services.database.sql.rows('insert into event_verifications (verified_at, report) values ($1, $2)', [
    services.clock.now(),
    JSON.stringify(report),
  ]);
  return report;
}

/** Only where nothing was ever published are there rightly no heads. */
async function withoutHeads({ database }: Services, kept: readonly string[]): Promise<ChainReport> {
  const begun = await database.sql.row(
    'select from event_heads union all (select from security_events where hash is not null limit 1)',
  );
  const fault: ChainFault | null = begun || kept.length > 0 ? { kind: 'HEADS', sequence: '0' } : null;
  return { from: null, to: null, verified: 0, uncovered: 0, heads: 0, fault };
}

async function walk(services: Services, heads: SignedHeads): Promise<ChainReport> {
  const chain = new ChainWalk(new EventChain(services.secrets), heads);
  const fault = (await firstFault(services, chain)) ?? chain.end() ?? null;
  const { first, verified, uncovered, headsCompared } = chain;
  const [from, to] = first === undefined ? [null, null] : [first, chain.reached];
  return { from, to, verified, uncovered, heads: headsCompared, fault };
}

async function firstFault({ database }: Services, chain: ChainWalk): Promise<ChainFault | undefined> {
  let links: Link[] = [];
  let place: [string, string] = [String(-(2n ** 63n)), '-infinity'];
  for (let isLast = false; !isLast; ) {
    const more = await database.sql.rows<Link>(page, place);
    const last = more.at(-1);
    if (last) place = [last.sequence, last.publishedAt];
    isLast = more.length < pageSize;
    links = [...links, ...more];
    const ready = isLast ? links.length : links.length - lookAhead;
    for (let n = 0; n < ready; n += 1) {
      const fault = chain.step(links, n);
      if (fault) return fault;
    }
    links = links.slice(ready);
  }
  return undefined;
}

const newest = `
  select v.verified_at as "verifiedAt", v.report from event_verifications v order by v.verified_at desc limit 1`;

/** @returns the last report of `verifyChain`, and when it was made; undefined when there is none */
export const lastVerification = ({ database }: Services) =>
  database.sql.row<{ readonly verifiedAt: Date; readonly report: ChainReport }>(newest);

/** @returns undefined when a head is not one of this service, or the first is missing */
async function signedHeads(services: Services, kept: readonly string[]): Promise<SignedHeads | undefined> {
  const rows = await services.database.sql.rows<SignedHead & { signature: string }>(storedHeads);
  const stored = await Promise.all(rows.map(async (row) => ({ row, head: await readHead(services, row.signature) })));
  const all = [...stored.map(({ head }) => head), ...(await Promise.all(kept.map((jwt) => readHead(services, jwt))))];
  if (stored.some(({ row, head }) => !head || !isSame(row, head)) || !all.every((head) => head !== undefined))
    return undefined;
  const begun = all.filter(({ kind }) => kind === 'genesis');
  const [genesis] = begun;
  if (!genesis || begun.some((other) => !isSame(other, genesis))) return undefined;
  // All others lie behind the beginning: one that does not tells of a chain that this one has taken the place of.
  if (all.some((head) => head.kind !== 'genesis' && !isBehind(head, genesis))) return undefined;
  const dropped = all.filter(({ kind }) => kind === 'retention');
  const start = dropped.reduce<Head>((one, other) => (isBehind(other, one) ? other : one), genesis);
  return { start, genesis: genesis.sequence, all };
}

const isBehind = (one: Head, other: Head): boolean => BigInt(one.sequence) > BigInt(other.sequence);

/** A JWT tells whole seconds. */
const secondOf = ({ signedAt }: SignedHead): number => Math.floor(signedAt.getTime() / 1000);

const isSame = (one: SignedHead, other: SignedHead): boolean =>
  one.sequence === other.sequence &&
  one.kind === other.kind &&
  one.hash.equals(other.hash) &&
  secondOf(one) === secondOf(other);
