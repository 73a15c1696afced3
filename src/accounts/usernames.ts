import type { Sql } from '../database/sql.js';

const text = `
  select id, username from users where id = any($1::uuid[])
  union all
  select id, username from former_users where id = any($1::uuid[])`;

/** @returns the usernames, also of deleted accounts, in the order of the ids; null for an unknown id */
export async function usernamesByIds(sql: Sql, ids: readonly string[]): Promise<(string | null)[]> {
  const rows = await sql.rows<{ id: string; username: string }>(text, [ids]);
  const found = new Map(rows.map(({ id, username }) => [id, username]));
  return ids.map((id) => found.get(id) ?? null);
}
