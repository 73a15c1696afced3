import { childPages, type PageKey } from '../database/child-pages.js';
import { childCounts, childRows, type ListKey } from '../database/child-rows.js';
import type { Placed } from '../database/pages.js';
import type { Sql } from '../database/sql.js';
import type { ApiToken } from './api-token.entity.js';

/** A token as lists read it, without its hash. */
export type ApiTokenRow = Omit<ApiToken, 'tokenHash'>;

/** Columns for `from api_tokens t`. */
export const apiTokenColumns = `
  t.id, t.user_id as "userId", t.name, t.scopes, t.created_at as "createdAt", t.expires_at as "expiresAt",
  t.last_used_at as "lastUsedAt", t.revoked_at as "revokedAt"`;

/** Key of the first tokens of a user. At most fifty are active; the latest of the others follow. */
export interface FirstApiTokens extends ListKey {
  readonly first: number;
}

/** Whether a token works. One that was revoked before it would have ended counts as revoked. */
export enum ApiTokenState {
  ACTIVE = 'ACTIVE',
  EXPIRED = 'EXPIRED',
  REVOKED = 'REVOKED',
}

/** SQL condition; agrees with `isAlive`. */
export const alive = (now: string): string =>
  `(t.revoked_at is null and (t.expires_at is null or t.expires_at > ${now}))`;

/** @returns for each user the tokens, active ones first, then newest first */
export const apiTokensOfUsers = (
  sql: Sql,
  wanted: readonly FirstApiTokens[],
  now: Date,
): Promise<(ApiTokenRow[] | Error)[]> =>
  childRows(sql, wanted, ({ first }, parameters) => ({
    columns: apiTokenColumns,
    source: ofUser,
    orderBy: `${alive(parameters.add(now))} desc, t.created_at desc, t.id`,
    limit: first,
  }));

/** @returns pages of a user's tokens, active or not, newest first */
export const apiTokenPages = (sql: Sql, wanted: readonly PageKey[]): Promise<(Placed<ApiTokenRow>[] | Error)[]> =>
  childPages(sql, wanted, () => ({
    columns: apiTokenColumns,
    source: ofUser,
    order: { expression: 't.created_at', type: 'timestamptz', id: 't.id', direction: 'desc' },
  }));

/** @returns the number of tokens of each user */
export const apiTokenCounts = (sql: Sql, wanted: readonly ListKey[]): Promise<(number | Error)[]> =>
  childCounts(sql, wanted, () => ofUser);

const ofUser = 'from api_tokens t where t.user_id = parent.id';

export const apiTokenById = (sql: Sql, id: string): Promise<ApiTokenRow | undefined> =>
  sql.row<ApiTokenRow>(`select ${apiTokenColumns} from api_tokens t where t.id = $1`, [id]);

/** Whether a token is neither revoked nor expired. It says nothing about whether its owner may sign in. */
export const isAlive = ({ revokedAt, expiresAt }: Pick<ApiToken, 'revokedAt' | 'expiresAt'>, now: Date): boolean =>
  !revokedAt && (!expiresAt || expiresAt > now);

export const stateOf = (token: Pick<ApiToken, 'revokedAt' | 'expiresAt'>, now: Date): ApiTokenState =>
  token.revokedAt ? ApiTokenState.REVOKED : isAlive(token, now) ? ApiTokenState.ACTIVE : ApiTokenState.EXPIRED;
