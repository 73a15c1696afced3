import type { EntityManager } from '@mikro-orm/postgresql';
import { rowsWithin } from '../database/rows-within.js';
import type { Services } from '../services.js';
import { Rights, type Standing } from './rights.js';

export interface StandingRow {
  readonly userId: string;
  readonly email: string;
  readonly isActive: boolean;
  readonly isAdmin: boolean;
  /** Instants in milliseconds since 1970; null: no end. */
  readonly held: readonly (readonly [roleId: string, from: number, until: number | null])[];
}

/** For `from users u`; `now` is the placeholder of the instant: what has ended by then is left out. */
export const standingColumns = (now: string): string => `
  u.id as "userId", u.email, u.is_active as "isActive", u.is_admin as "isAdmin",
  (select coalesce(json_agg(json_build_array(g.role_id, extract(epoch from g.granted_at) * 1000,
      extract(epoch from g.expires_at) * 1000)), '[]')
    from role_grants g where g.user_id = u.id and g.revoked_at is null
      and (g.expires_at is null or g.expires_at > ${now})) as held`;

export const standingOf = ({ userId, email, isActive, isAdmin, held }: StandingRow): Standing => ({
  userId,
  email,
  isActive,
  isAdmin,
  held: held.map(([roleId, from, until]) => ({ roleId, from, until: until ?? Number.POSITIVE_INFINITY })),
});

/**
 * What accounts may do as a transaction finds them. Whoever asks before changing something holds the locks of the
 * accounts, so it stays so until the change is made.
 * @param scopes of the API token that asks, by user
 */
export async function rightsWithin(
  em: EntityManager,
  { clock, roleCatalogue }: Pick<Services, 'clock' | 'roleCatalogue'>,
  userIds: readonly string[],
): Promise<Map<string, Rights>> {
  const text = `select ${standingColumns('$1')} from users u where u.id in (select value::uuid from json_array_elements_text($2::json))`;
  const rows = await rowsWithin<StandingRow>(em, text, [clock.now(), JSON.stringify(userIds)]);
  const book = await roleCatalogue.within(em);
  return new Map(rows.map((row) => [row.userId, new Rights(standingOf(row), book, clock)]));
}
