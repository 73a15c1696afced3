import type { EventChain } from './event-chain.js';
import type { Head } from './event-heads.js';

/** What is wrong with an event of the chain; also the values of the GraphQL enum. */
export enum ChainFaultKind {
  ALTERED = 'ALTERED',
  MISSING = 'MISSING',
  INSERTED = 'INSERTED',
  REORDERED = 'REORDERED',
  TRUNCATED = 'TRUNCATED',
  REPLACED = 'REPLACED',
  HEADS = 'HEADS',
}

export interface ChainFault {
  readonly kind: keyof typeof ChainFaultKind;
  readonly sequence: string;
}

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

/** An event as it is stored, with the text that its hash covers. */
export interface Link {
  readonly sequence: string;
  readonly publishedAt: string;
  readonly hash: Buffer | null;
  readonly content: string;
}

export interface SignedHeads {
  /** Where the chain begins: behind the events of before, or behind the last one that was dropped because of its age. */
  readonly start: Head;
  /** Number of the last event from before the chain. */
  readonly genesis: string;
  readonly all: readonly Head[];
}

/** One walk along the chain, event by event, or a part of it. */
export class ChainWalk {
  private last: { readonly sequence: bigint; readonly hash: Buffer };
  private readonly heads: ReadonlyMap<string, readonly Head[]>;
  private first: string | undefined;
  verified = 0;
  uncovered = 0;
  headsCompared = 0;

  /** @param from the event behind which it goes on; default: where the chain begins */
  constructor(
    private readonly chain: EventChain,
    private readonly signed: SignedHeads,
    from: Head = signed.start,
  ) {
    this.last = { sequence: BigInt(from.sequence), hash: from.hash };
    const heads = new Map<string, Head[]>();
    for (const head of signed.all) heads.set(head.sequence, [...(heads.get(head.sequence) ?? []), head]);
    this.heads = heads;
  }

  /** The last event that fits, or that the walk began behind. */
  get end(): Head {
    return { sequence: String(this.last.sequence), hash: this.last.hash };
  }

  /**
   * Checks the event at `n`; those behind it tell what is wrong with it.
   * @returns undefined when it fits
   */
  step(links: readonly Link[], n: number): ChainFault | undefined {
    const { sequence, hash } = links[n] as Link;
    if (BigInt(sequence) <= BigInt(this.signed.genesis)) return this.before(links[n] as Link);
    const next = this.last.sequence + 1n;
    if (BigInt(sequence) > next) return { kind: 'MISSING', sequence: String(next) };
    if (BigInt(sequence) < next) return { kind: 'INSERTED', sequence };
    if (!hash || !this.fits(links[n], next, this.last.hash)) return { kind: this.wrongAt(links, n), sequence };
    if (!this.headsAgree(sequence, hash)) return { kind: 'REPLACED', sequence };
    this.last = { sequence: next, hash };
    this.first ??= sequence;
    this.verified += 1;
    return undefined;
  }

  /** To be called at the end: whether a head tells of events further on. */
  cutOff(): ChainFault | undefined {
    const isCut = this.signed.all.some((head) => BigInt(head.sequence) > this.last.sequence);
    return isCut ? { kind: 'TRUNCATED', sequence: String(this.last.sequence + 1n) } : undefined;
  }

  /** What was checked so far. */
  report(fault: ChainFault | null): ChainReport {
    const { first, verified, uncovered, headsCompared: heads } = this;
    const [from, to] = first === undefined ? [null, null] : [first, this.end.sequence];
    return { from, to, verified, uncovered, heads, fault };
  }

  /** Events from before the chain have no hash, and went first when months were dropped. */
  private before({ sequence, hash }: Link): ChainFault | undefined {
    const { start, genesis } = this.signed;
    if (hash || BigInt(sequence) < 1n || start.sequence !== genesis) return { kind: 'INSERTED', sequence };
    this.uncovered += 1;
    return undefined;
  }

  private headsAgree(sequence: string, hash: Buffer): boolean {
    const heads = this.heads.get(sequence) ?? [];
    this.headsCompared += heads.length;
    return heads.every((head) => head.hash.equals(hash));
  }

  private fits(link: Link | undefined, sequence: bigint, previous: Buffer): boolean {
    return !!link?.hash && this.chain.link(previous, String(sequence), link.content).equals(link.hash);
  }

  private wrongAt(links: readonly Link[], n: number): ChainFault['kind'] {
    const next = this.last.sequence + 1n;
    const displaced = links.findIndex((link, at) => at > n && this.fits(link, next, this.last.hash));
    if (displaced > 0) return this.isNext(links, n, displaced) ? 'REORDERED' : 'INSERTED';
    const [here, behind] = [links[n], links[n + 1]];
    // The event behind follows upon this one, but two numbers on: one between was taken out and the rest renumbered.
    return here?.hash && this.fits(behind, next + 2n, here.hash) ? 'MISSING' : 'ALTERED';
  }

  /** Whether the event that stands at `n`, or the one behind it, follows upon the displaced one: nothing was added. */
  private isNext(links: readonly Link[], n: number, displaced: number): boolean {
    const previous = links[displaced]?.hash as Buffer;
    return [n, n + 1].some((at) => at !== displaced && this.fits(links[at], this.last.sequence + 2n, previous));
  }
}
