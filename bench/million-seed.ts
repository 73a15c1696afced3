import argon2 from 'argon2';
import pg from 'pg';
import { loadConfig } from '../src/config.js';
import { SearchIndex } from '../src/database/search-index.js';
import { password } from './seed.js';

const million = 1_000_000;
/** Includes the two system roles; each role has five permissions. */
const roleCount = 50;

/** SQL of a user's last name; rarely the same for two users, so that a part of it is a rare search term. */
const lastName = `initcap(translate(md5(n::text), '0123456789', 'ghijklmnop'))`;
/** Selects search terms, each a part of the last name of one or few users. */
export const rareTerms = `select substr(${lastName}, 3, 9) as term from generate_series(1, $1::int) i, lateral (select i * 4999 as n) s`;
/** The first name of one user in ten. */
export const commonTerm = 'robin';

const roles = `
  insert into roles (id, name, description, level, is_system, created_at, updated_at)
  select gen_random_uuid(), 'team-' || n, 'Members of team ' || n, n, false, now(), now()
  from generate_series(1, ${roleCount - 2}) n`;

const permissions = `
  insert into permissions (id, role_id, name, resource, action, created_at)
  select gen_random_uuid(), r.id, 'permission ' || n, 'resource-' || n, 'read', now()
  from roles r, generate_series(1, 5) n`;

const digits = `lpad(n::text, greatest(4, length(n::text)), '0')`;

/** A thousand users share each creation time, so that sorting has to break ties. */
const users = `
  insert into users (id, username, email, password_hash, first_name, last_name, is_admin, is_active, is_verified,
    last_login_at, password_changed_at, created_at)
  select gen_random_uuid(), 'person.' || ${digits}, 'person.' || ${digits} || '@example.com', $1,
    (array['Robin','Kim','Alex','Sascha','Иван','Ünal','Maria','José','Zoë','Ada'])[1 + n % 10], left(${lastName}, 12),
    n = 1, n % 100 <> 0, n % 3 <> 0, case when n % 2 = 0 then timestamptz '2026-01-01' - n % 50000 * interval '1 minute' end,
    now(), timestamptz '2020-01-01T00:00:00.123Z' + n / 1000 * interval '1 hour'
  from generate_series(1, $2::int) n`;

/** Each user holds the role `user` and that of one team. */
const grants = `
  with numbered as (select id, row_number() over (order by level) - 1 as n from roles where not is_system)
  insert into role_grants (id, user_id, role_id, granted_at)
  select gen_random_uuid(), u.id, r.id, u.created_at from users u
  join numbered r on r.n = mod(hashtext(u.username) & 2147483647, ${roleCount - 2})
  union all
  select gen_random_uuid(), u.id, r.id, u.created_at from users u, roles r where r.name = 'user'`;

/**
 * Settings for a fast import: no triggers, no foreign key checks; the trigram index is rebuilt in one go afterwards.
 */
const quickly = [
  'set session_replication_role = replica',
  'set synchronous_commit = off',
  `set work_mem = '256MB'`,
  'drop index if exists users_search_index',
];

/** Fills a migrated database with a million users. */
export const seedMillion = (databaseUrl: string): Promise<string> => seedPeople(databaseUrl, million);

/**
 * Fills a migrated database with so many users of two roles each.
 * @returns the hash of everyone's password, at default cost
 */
export async function seedPeople(databaseUrl: string, count: number): Promise<string> {
  const start = performance.now();
  const hash = await argon2.hash(password, { type: argon2.argon2id, ...loadConfig({}).argon2 });
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    for (const statement of [...quickly, roles, permissions]) await client.query(statement);
    await client.query(users, [hash, count]);
    await client.query(grants);
    await new SearchIndex(databaseUrl, console).ensure();
    await client.query('vacuum analyze');
    // Triggers were off, so the service is told about the new roles here.
    await client.query(`select gatehouse_tell('roles')`);
  } finally {
    await client.end();
  }
  console.log(`${count} users made in ${Math.round((performance.now() - start) / 1000)} s`);
  return hash;
}
