import type { Services } from '../../services.js';
import { EventChain } from './event-chain.js';
import type { RowPlace } from './walk-page.js';

/** `newest` follows the events as they are published; `whole` goes along the whole record, again and again. */
export type WalkName = 'newest' | 'whole';

/** What a walk has counted; see `ChainReport`. */
interface Counts {
  readonly verified: number;
  readonly uncovered: number;
}

/** A walk along the whole record that found no fault. */
export interface Intact extends Counts {
  readonly at: string;
  /** Number of the last event. */
  readonly to: string;
}

/** How far a walk has got. Instants are ISO 8601. */
export interface WalkState extends Counts {
  readonly begunAt: string;
  /** When the last part was walked. */
  readonly checkedAt: string;
  readonly place: RowPlace;
  /** Hash of the event there, in hexadecimal; empty where there is none. */
  readonly hash: string;
  readonly isOver: boolean;
  /** The last walk that reached the end and found no fault. */
  readonly intact: Intact | null;
}

/** As it was stored: the seal tells whether it is still the same. */
export interface Kept {
  readonly state: WalkState;
  readonly seal: string;
}

const load = 'select w.state, w.seal from event_walks w where w.name = $1';
const begin = `
  insert into event_walks (name, state, seal) values ($1, $2, $3) on conflict (name) do nothing`;
const goOn = 'update event_walks set state = $2, seal = $3 where name = $1 and seal = $4';
const forget = 'delete from event_walks where name = $1';

/**
 * @returns undefined when the walk has not begun. What this service has not sealed is deleted: somebody who can write to
 *   the database must not move a walk past what they have altered
 */
export async function loadWalk(services: Services, name: WalkName): Promise<Kept | undefined> {
  const row = await services.database.sql.row<{ state: string; seal: string }>(load, [name]);
  if (!row) return undefined;
  if (row.seal === sealOf(services, name, row.state)) return { state: JSON.parse(row.state), seal: row.seal };
  await forgetWalk(services, name);
  return undefined;
}

/**
 * Stores how far a walk has got, unless somebody else has meanwhile: another process, or who restores the database.
 * @param former what `loadWalk` gave
 * @returns what is stored now
 */
export async function storeWalk(
  services: Services,
  name: WalkName,
  state: WalkState,
  former: Kept | undefined,
): Promise<Kept> {
  const text = JSON.stringify(state);
  const seal = sealOf(services, name, text);
  const { sql } = services.database;
  if (former) await sql.rows(goOn, [name, text, seal, former.seal]);
  else await sql.rows(begin, [name, text, seal]);
  return { state, seal };
}

/** The walk begins anew. */
export const forgetWalk = async ({ database }: Services, name: WalkName): Promise<void> => {
  await database.sql.rows(forget, [name]);
};

const sealOf = ({ secrets }: Services, name: WalkName, state: string): string =>
  new EventChain(secrets).seal(JSON.stringify(['walk', name, state]));
