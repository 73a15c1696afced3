import { grouped } from '../access/role-rows.js';
import type { Sql } from '../database/sql.js';
import type { ApiToken } from './api-token.entity.js';

/** As lists read it: without the hash. */
export type ApiTokenRow = Omit<ApiToken, 'tokenHash'>;

const columns = `
  t.id, t.user_id as "userId", t.name, t.scopes, t.created_at as "createdAt", t.expires_at as "expiresAt",
  t.last_used_at as "lastUsedAt", t.revoked_at as "revokedAt"`;

/** More than can live at a time; of those that are over, the latest fill the rest. */
const longestList = 100;

const alive = '(t.revoked_at is null and (t.expires_at is null or t.expires_at > $2))';

/** @returns for each user the tokens, living ones first, then newest first */
export async function apiTokensOfUsers(sql: Sql, userIds: readonly string[], now: Date): Promise<ApiTokenRow[][]> {
  const rows = await sql.rows<ApiTokenRow>(
    `select listed.* from unnest($1::uuid[]) as owner (id) cross join lateral (
       select ${columns} from api_tokens t where t.user_id = owner.id
       order by ${alive} desc, t.created_at desc, t.id limit ${longestList}) listed`,
    [userIds, now],
  );
  return grouped(userIds, rows, ({ userId }) => userId);
}

export const apiTokenById = (sql: Sql, id: string): Promise<ApiTokenRow | undefined> =>
  sql.row<ApiTokenRow>(`select ${columns} from api_tokens t where t.id = $1`, [id]);

/** Whether it still opens anything by itself; whether its owner may sign in is another question. */
export const isAlive = ({ revokedAt, expiresAt }: Pick<ApiToken, 'revokedAt' | 'expiresAt'>, now: Date): boolean =>
  !revokedAt && (!expiresAt || expiresAt > now);
