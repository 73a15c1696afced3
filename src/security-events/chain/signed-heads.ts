import type { Services } from '../../services.js';
import type { SignedHeads } from './chain-walk.js';
import { type Head, readHead, type SignedHead } from './event-heads.js';

/** A signed head as it is stored: the columns repeat what the signature says. */
type Stored = SignedHead & { readonly signature: string };

const stored = 'select h.sequence::text, h.hash, h.kind, h.signature, h.signed_at as "signedAt" from event_heads h';

/** Those that tell where the chain begins and ends, and those of the events behind a number. */
const storedBehind = `${stored}
  where h.kind <> 'interval' or h.sequence = (select max(n.sequence) from event_heads n)
    or (h.sequence > $1::bigint and h.sequence <= $2::bigint + greatest(
      $1::bigint, (select max(b.sequence) from event_heads b where b.kind <> 'interval')))`;

/**
 * All heads that are stored in the database, and those that were kept elsewhere.
 * @param kept one JWT each
 * @returns undefined when a head is not one of this service, or the first is missing
 */
export const allHeads = async (services: Services, kept: readonly string[]): Promise<SignedHeads | undefined> =>
  checked(services, await services.database.sql.rows<Stored>(stored), kept);

/**
 * The heads that a walk over the next events needs; see `allHeads`.
 * @param sequence number of the event behind which it goes on
 * @param most how many events it covers
 */
export const headsBehind = async (
  services: Services,
  sequence: string,
  most: number,
): Promise<SignedHeads | undefined> =>
  checked(services, await services.database.sql.rows<Stored>(storedBehind, [sequence, most]), []);

async function checked(
  services: Services,
  rows: readonly Stored[],
  kept: readonly string[],
): Promise<SignedHeads | undefined> {
  const read = await Promise.all(rows.map(async (row) => ({ row, head: await readHead(services, row.signature) })));
  const all = [...read.map(({ head }) => head), ...(await Promise.all(kept.map((jwt) => readHead(services, jwt))))];
  if (read.some(({ row, head }) => !head || !isSame(row, head)) || !all.every((head) => head !== undefined))
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

export const isBehind = (one: Pick<Head, 'sequence'>, other: Pick<Head, 'sequence'>): boolean =>
  BigInt(one.sequence) > BigInt(other.sequence);

/** A JWT tells whole seconds. */
const secondOf = ({ signedAt }: SignedHead): number => Math.floor(signedAt.getTime() / 1000);

const isSame = (one: SignedHead, other: SignedHead): boolean =>
  one.sequence === other.sequence &&
  one.kind === other.kind &&
  one.hash.equals(other.hash) &&
  secondOf(one) === secondOf(other);
