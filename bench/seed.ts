import argon2 from 'argon2';
import pg from 'pg';
import { loadConfig } from '../src/config.js';

export const password = 'correct horse battery staple';
/** User 1 is the administrator who sends the queries; the others sign in. */
export const username = (number: number): string => `person.${String(number).padStart(4, '0')}`;

/** Switches triggers off, which would announce every row to the running service. */
const quietly = `set session_replication_role = replica`;

const roles = `
  insert into roles (id, name, description, level, is_system, created_at, updated_at)
  select gen_random_uuid(), 'team-' || n, 'Members of team ' || n, n, false, now(), now()
  from generate_series(1, 9) n`;

const users = `
  insert into users (id, username, email, password_hash, first_name, last_name, is_admin, is_active, is_verified,
    last_login_at, password_changed_at, created_at)
  select gen_random_uuid(), 'person.' || lpad(n::text, 4, '0'), 'person.' || lpad(n::text, 4, '0') || '@example.com',
    $1, 'Robin', 'No. ' || lpad(n::text, 4, '0'), n = 1, true, true,
    now(), now(), timestamptz '2026-01-01T00:00:00.123Z' + n * interval '1 minute'
  from generate_series(1, 1000) n`;

/** Each user holds the role `user` and that of one team. */
const grants = `
  insert into role_grants (id, user_id, role_id, granted_at)
  select gen_random_uuid(), u.id, r.id, u.created_at from users u join roles r
  on r.name in ('user', 'team-' || 1 + right(u.username, 4)::int % 9)`;

/**
 * Fills a migrated database with 1,000 users of two roles each.
 * @returns the hash of everyone's password, at default cost
 */
export async function seed(databaseUrl: string): Promise<string> {
  const hash = await argon2.hash(password, { type: argon2.argon2id, ...loadConfig({}).argon2 });
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    for (const statement of [quietly, roles]) await client.query(statement);
    await client.query(users, [hash]);
    for (const statement of [grants, 'vacuum analyze']) await client.query(statement);
  } finally {
    await client.end();
  }
  return hash;
}
