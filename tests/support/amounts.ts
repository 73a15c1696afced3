import type { Harness } from './harness.js';

/** Roles beyond those of the system, more than the API lets anybody create. */
export const manyRoles = 10_000;
/** Grants in the past of one account. */
const manyGrants = 5000;
/** The most roles that the API lets an account hold. */
const mostHeld = 100;

/**
 * Creates ten thousand roles `amount-00001` and so on with a permission each, held by the account as far as the API
 * allows, and 5,000 grants of the account that have ended, a minute each, of the first twenty roles.
 */
export async function amountsFor({ app }: Harness, userId: string | undefined): Promise<void> {
  const { sql } = app.services.database;
  for (const text of [roles, permissions]) await sql.rows(text);
  for (const text of [past, held]) await sql.rows(text, [String(userId)]);
  app.services.signals.announce('reset');
}

const number = `lpad(n::text, 5, '0')`;
const roles = `
  insert into roles (id, name, level, is_system, created_at, updated_at)
  select gen_random_uuid(), 'amount-' || ${number}, 1 + n % 90, false, now() - interval '1 year', now()
  from generate_series(1, ${manyRoles}) n`;
const permissions = `
  insert into permissions (id, role_id, name, resource, action, created_at)
  select gen_random_uuid(), r.id, 'article:read', 'article', 'read', now() - interval '1 year'
  from roles r where r.name like 'amount-%'`;
const past = `
  insert into role_grants (id, user_id, role_id, granted_at, granted_by_id, revoked_at, revoked_by_id)
  select gen_random_uuid(), $1, r.id, at, $1, at + interval '1 minute', $1
  from (select n, now() - interval '300 days' + n * interval '2 minutes' as at, 'amount-' || lpad((1 + n % 20)::text, 5, '0') as name
    from generate_series(1, ${manyGrants}) n) each join roles r using (name)`;
const held = `
  insert into role_grants (id, user_id, role_id, granted_at, granted_by_id)
  select gen_random_uuid(), $1, r.id, now(), $1 from roles r where r.name like 'amount-%' order by r.name limit ${mostHeld}`;
