import type { Sql } from '../database/sql.js';

/** The column an identifier is looked up in: no username holds an @. */
export const identifierColumn = (identifier: string): 'email' | 'username' =>
  identifier.includes('@') ? 'email' : 'username';

/** @param identifier normalized username or e-mail address */
export async function accountId(sql: Sql, identifier: string): Promise<string | undefined> {
  const column = identifierColumn(identifier);
  return (await sql.row<{ id: string }>(`select id from users where ${column} = $1`, [identifier]))?.id;
}
