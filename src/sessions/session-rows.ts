import { childPages, type PageKey } from '../database/child-pages.js';
import { childCounts, childRows, type ListKey } from '../database/child-rows.js';
import type { Placed } from '../database/pages.js';
import type { Sql } from '../database/sql.js';
import { isUuid } from '../database/uuid.js';
import type { Session } from './session.entity.js';

/** Columns for `from sessions`. */
export const sessionColumns = `
  id, user_id as "userId", ip_address as "ipAddress", user_agent as "userAgent", is_remembered as "isRemembered",
  created_at as "createdAt", reauthenticated_at as "reauthenticatedAt", last_used_at as "lastUsedAt", expires_at as "expiresAt", ended_at as "endedAt", end_reason as "endReason"`;

/** Key of the first sessions of a user. */
export interface FirstSessions extends ListKey {
  readonly first: number;
}

/** @returns for each user the sessions that are open at that instant, the most recently used first */
export const livingSessionsOfUsers = (
  sql: Sql,
  wanted: readonly FirstSessions[],
  now: Date,
): Promise<(Session[] | Error)[]> =>
  childRows(sql, wanted, ({ first }, parameters) => ({
    columns: sessionColumns,
    source: living(parameters.add(now)),
    orderBy: 'last_used_at desc, sessions.id',
    limit: first,
  }));

/** @returns pages of open sessions, newest first; that order does not change between two pages */
export const livingSessionPages = (
  sql: Sql,
  wanted: readonly PageKey[],
  now: Date,
): Promise<(Placed<Session>[] | Error)[]> =>
  childPages(sql, wanted, (_asked, parameters) => ({
    columns: sessionColumns,
    source: living(parameters.add(now)),
    order: { expression: 'created_at', type: 'timestamptz', id: 'sessions.id', direction: 'desc' },
  }));

/** @returns the number of open sessions of each user */
export const livingSessionCounts = (sql: Sql, wanted: readonly ListKey[], now: Date): Promise<(number | Error)[]> =>
  childCounts(sql, wanted, (_asked, parameters) => living(parameters.add(now)));

const living = (now: string): string =>
  `from sessions where user_id = parent.id and ended_at is null and expires_at > ${now}`;

/** @returns the sessions in the order of the ids; undefined for an unknown id */
export async function sessionsByIds(sql: Sql, ids: readonly string[]): Promise<(Session | undefined)[]> {
  const rows = await sql.rows<Session>(`select ${sessionColumns} from sessions where id = any($1::uuid[])`, [
    ids.filter(isUuid),
  ]);
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => found.get(id));
}
