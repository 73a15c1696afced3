import type { Transaction } from '../database/transaction.js';
import { isUuid } from '../database/uuid.js';
import { unauthenticated } from '../errors.js';
import type { Operation } from '../operation.js';
import { Rights, type Standing } from '../policy/rights.js';
import { unendedGrant } from './grants.js';

export interface StandingRow {
  readonly userId: string;
  readonly email: string;
  readonly isActive: boolean;
  readonly isAdmin: boolean;
  /** Instants in milliseconds since 1970; null: without end. */
  readonly held: readonly (readonly [roleId: string, from: number, until: number | null])[];
}

/**
 * Select list that reads a `StandingRow`, for statements with `from users u`.
 * @param now placeholder of the instant; grants that have ended by then are left out
 */
export const standingColumns = (now: string): string => `
  u.id as "userId", u.email, u.is_active as "isActive", u.is_admin as "isAdmin",
  (select coalesce(json_agg(json_build_array(g.role_id, extract(epoch from g.granted_at) * 1000,
      extract(epoch from g.expires_at) * 1000)), '[]')
    from role_grants g where g.user_id = u.id and ${unendedGrant('g', now)}) as held`;

/** Converts a row to the form that `Rights` takes. */
export const standingOf = ({ userId, email, isActive, isAdmin, held }: StandingRow): Standing => ({
  userId,
  email,
  isActive,
  isAdmin,
  held: held.map(([roleId, from, until]) => ({ roleId, from, until: until ?? Number.POSITIVE_INFINITY })),
});

/**
 * Reads the rights of accounts within a transaction. The caller's own rights are limited to the scopes of their API
 * token. With the accounts locked, the rights cannot change before the transaction ends.
 * @returns rights by user id; unknown accounts are missing
 */
export async function rightsWithin(
  tx: Transaction,
  { services, caller }: Operation,
  userIds: readonly string[],
): Promise<Map<string, Rights>> {
  const { clock, roleCatalogue } = services;
  const text = `select ${standingColumns('$1')} from users u where u.id in (select value::uuid from json_array_elements_text($2::json))`;
  const rows = await tx.rows<StandingRow>(text, [clock.now(), JSON.stringify(userIds.filter(isUuid))]);
  const held = rows.flatMap((row) => row.held.map(([roleId]) => roleId));
  const book = await roleCatalogue.within(tx, held);
  const scopesOf = (userId: string) => (userId === caller?.userId ? (caller.apiToken?.scopes ?? null) : null);
  return new Map(rows.map((row) => [row.userId, new Rights(standingOf(row), book, clock, scopesOf(row.userId))]));
}

/**
 * Reads the caller's rights within a transaction.
 * @returns undefined when the service itself acts
 * @throws UNAUTHENTICATED when the caller's account is deleted
 */
export async function callersRightsWithin(tx: Transaction, operation: Operation): Promise<Rights | undefined> {
  const { caller } = operation;
  if (!caller) return undefined;
  const rights = (await rightsWithin(tx, operation, [caller.userId])).get(caller.userId);
  if (!rights) throw unauthenticated();
  return rights;
}
