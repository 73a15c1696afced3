import type { SqlValue } from '../database/sql-values.js';
import type { CheckedPerson } from './checked-person.js';
import { type Problem, type ProblemCode, problem } from './sources/found.js';

/** What sends statements: a transaction, or a connection of its own. */
export interface Statements {
  rows<Row>(text: string, values?: readonly SqlValue[]): Promise<Row[]>;
}

/** A table with the columns id, username and email; the second is that of a rehearsal. */
export type NameTable = 'users' | 'import_names';

/** @returns those of the usernames that somebody has */
export async function usernamesAmong(
  to: Statements,
  usernames: readonly string[],
  table: NameTable,
): Promise<string[]> {
  const text = `select username from ${table} where username = any($1::text[])`;
  return (await to.rows<{ username: string }>(text, [usernames])).map(({ username }) => username);
}

const taken = (table: string): string => `
  select distinct on (p.place) p.place, found.code
  from jsonb_to_recordset($1::jsonb) as p (place int, id uuid, username text, email text),
    lateral (
      select 1 as rank, 'ID_TAKEN' as code from ${table} u where u.id = p.id
      union all select 2, 'USERNAME_TAKEN' from ${table} u where u.username = p.username
      union all select 3, 'EMAIL_TAKEN' from ${table} u where u.email = p.email
    ) found
  order by p.place, found.rank`;

/** An address that was changed stays reserved for its owner while the change can be undone. */
const held = `
  select t.email from mailed_tokens t join users u on u.id = t.user_id
  where t.purpose = 'undo-email-change' and t.used_at is null and t.expires_at > $2 and u.email <> t.email
    and t.email = any($1::text[])`;

const codesTaken = `select encode(code_hash, 'hex') as hash from recovery_codes where code_hash = any($1::bytea[])`;

const reasons = {
  ID_TAKEN: 'There is an account with this id.',
  USERNAME_TAKEN: 'This username is taken.',
  EMAIL_TAKEN: 'This e-mail address is taken.',
} as const satisfies Partial<Record<ProblemCode, string>>;

export const takenProblem = (code: keyof typeof reasons): Problem => problem(code, reasons[code]);

/**
 * Finds out who cannot be inserted, because an id, a name or an address belongs to somebody already.
 * @returns the problems by the position in the list
 */
export async function takenAmong(
  to: Statements,
  people: readonly CheckedPerson[],
  table: NameTable,
): Promise<Map<number, Problem>> {
  if (people.length === 0) return new Map();
  const wanted = people.map(({ user: { id, username, email } }, place) => ({ place, id, username, email }));
  const rows = await to.rows<{ place: number; code: keyof typeof reasons }>(taken(table), [JSON.stringify(wanted)]);
  return new Map(rows.map(({ place, code }) => [place, takenProblem(code)]));
}

/** Like `takenAmong`, for what belongs to somebody elsewhere: reserved addresses, and recovery codes. */
export async function reservedAmong(
  to: Statements,
  people: readonly CheckedPerson[],
  now: Date,
): Promise<Map<number, Problem>> {
  const emails = await to.rows<{ email: string }>(held, [people.map(({ user }) => user.email), now]);
  const reserved = new Set(emails.map(({ email }) => email));
  const codes = people.flatMap(({ factor }) => factor?.codes ?? []).map(({ hash }) => Buffer.from(hash, 'hex'));
  const rows = codes.length > 0 ? await to.rows<{ hash: string }>(codesTaken, [codes]) : [];
  const known = new Set(rows.map(({ hash }) => hash));
  const found = new Map<number, Problem>();
  for (const [place, { user, factor }] of people.entries()) {
    if (reserved.has(user.email)) found.set(place, takenProblem('EMAIL_TAKEN'));
    else if (factor?.codes.some(({ hash }) => known.has(hash)) === true)
      found.set(place, problem('UNUSABLE_SECOND_FACTOR', 'A recovery code belongs to somebody else already.'));
    for (const { hash } of factor?.codes ?? []) known.add(hash);
  }
  return found;
}
