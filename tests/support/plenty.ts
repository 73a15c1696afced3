import type { Harness } from './harness.js';

/**
 * Creates more data than one answer may hold: 100 posts with bodies of the greatest length and 100 comments each, and
 * 60 roles with 100 permissions each, all of one account.
 */
export async function plentyFor({ app }: Harness, userId: string | undefined): Promise<void> {
  const { sql } = app.services.database;
  const owner = String(userId);
  for (const text of [posts, comments]) await sql.rows(text, [owner]);
  for (const text of [roles, permissions]) await sql.rows(text);
  await sql.rows(grants, [owner]);
  app.services.signals.announce('reset');
}

const posts = `
  insert into posts (id, author_id, title, body, published, created_at, updated_at, published_at)
  select gen_random_uuid(), $1, 'Post ' || n, repeat('🦭', 20000), true, now() - n * interval '1 minute', now(), now()
  from generate_series(1, 100) n`;
const comments = `
  insert into comments (id, post_id, author_id, body, created_at, updated_at)
  select gen_random_uuid(), p.id, $1, 'A comment', now(), now() from posts p, generate_series(1, 100)`;
const roles = `
  insert into roles (id, name, level, is_system, created_at, updated_at)
  select gen_random_uuid(), 'plenty-' || n, 0, false, now(), now() from generate_series(1, 60) n`;
const permissions = `
  insert into permissions (id, role_id, name, resource, action, created_at)
  select gen_random_uuid(), r.id, 'thing-' || n || ':read', 'thing-' || n, 'read', now()
  from roles r, generate_series(1, 100) n where r.name like 'plenty-%'`;
const grants = `
  insert into role_grants (id, user_id, role_id, granted_at)
  select gen_random_uuid(), $1, r.id, now() from roles r where r.name like 'plenty-%'`;
