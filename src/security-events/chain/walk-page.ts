import type { Sql } from '../../database/sql.js';
import type { ChainFault, ChainWalk, Link } from './chain-walk.js';
import { chainedContent } from './event-chain.js';

/** A row of the record. Rows are read by number, and in the order of publication where two have the same number. */
export interface RowPlace {
  readonly sequence: string;
  /** PostgreSQL's text of an instant. */
  readonly publishedAt: string;
}

/** Before the first row, whatever number it has. */
export const beginning: RowPlace = { sequence: String(-(2n ** 63n)), publishedAt: '-infinity' };

/** How many events behind a fault are read to name it. */
const lookAhead = 1000;

const page = `
  select e.sequence::text, e.published_at::text as "publishedAt", e.hash, ${chainedContent('e', 'e.published_at')} as content
  from security_events e where (e.sequence, e.published_at) > ($1::bigint, $2::timestamptz)
  order by e.sequence, e.published_at limit $3`;

interface Walked {
  /** The first fault; the place is then the row before it. */
  readonly fault: ChainFault | undefined;
  readonly place: RowPlace;
  /** Whether the record ended within the page. */
  readonly isLast: boolean;
}

/** Walks along the next rows behind a place. @param most how many */
export async function walkPage(sql: Sql, walk: ChainWalk, from: RowPlace, most: number): Promise<Walked> {
  const read = ({ sequence, publishedAt }: RowPlace, count: number) =>
    sql.rows<Link>(page, [sequence, publishedAt, count]);
  const links = await read(from, most);
  const isLast = links.length < most;
  let place = from;
  for (const [n, { sequence, publishedAt }] of links.entries()) {
    const fault = walk.step(links, n);
    if (!fault) place = { sequence, publishedAt };
    else if (isLast || links.length - n > lookAhead) return { fault, place, isLast };
    else {
      const behind = await read(links.at(-1) ?? from, lookAhead);
      return { fault: walk.step([...links, ...behind], n) ?? fault, place, isLast };
    }
  }
  return { fault: undefined, place, isLast };
}
