import type { Sql } from '../database/sql.js';
import { isUuid } from '../database/uuid.js';
import type { Session } from './session.entity.js';

const columns = `
  id, user_id as "userId", ip_address as "ipAddress", user_agent as "userAgent", is_remembered as "isRemembered",
  created_at as "createdAt", last_used_at as "lastUsedAt", expires_at as "expiresAt", ended_at as "endedAt", end_reason as "endReason"`;

/** @returns the sessions in the order of the ids, undefined where there is none */
export async function sessionsByIds(sql: Sql, ids: readonly string[]): Promise<(Session | undefined)[]> {
  const rows = await sql.rows<Session>(`select ${columns} from sessions where id = any($1::uuid[])`, [
    ids.filter(isUuid),
  ]);
  const found = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => found.get(id));
}
