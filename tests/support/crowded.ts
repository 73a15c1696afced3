import pg from 'pg';

/** Each is two UTF-16 code units and four bytes of UTF-8. */
const emoji = (count: number): string => '🦭'.repeat(count);

/** Fills the database with as much data as one account can have, for each of the named accounts. */
export async function crowd(databaseUrl: string, usernames: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (const [text, ...values] of statements(usernames)) await client.query(String(text), values);
  } finally {
    await client.end();
  }
}

type Statement = readonly [text: string, ...values: unknown[]];

const statements = (usernames: readonly string[]): readonly Statement[] => [
  ['update users set is_verified = true where username = any ($1)', usernames],
  [
    `insert into users (id, username, email, password_hash, password_changed_at, created_at, is_verified)
     select gen_random_uuid(), 'crowd.' || n, 'crowd.' || n || '@example.com', '!', now(), now(), true
     from generate_series(1, 200) n`,
  ],
  [
    `insert into roles (id, name, level, created_at, updated_at)
     select gen_random_uuid(), 'crowded-' || n, 0, now(), now() from generate_series(1, 60) n`,
  ],
  [
    `insert into permissions (id, role_id, name, resource, action, created_at)
     select gen_random_uuid(), r.id, 'thing-' || n || ':read', 'thing-' || n, 'read', now()
     from roles r, generate_series(1, 100) n where r.name like 'crowded-%'`,
  ],
  [
    `insert into role_grants (id, user_id, role_id, granted_at, granted_by_id, revoked_at, revoked_by_id)
     select gen_random_uuid(), u.id, r.id, now(), u.id, revoked, case when revoked is not null then u.id end
     from users u, roles r, (values (null::timestamptz), (now()), (now())) v (revoked)
     where u.username = any ($1) and r.name like 'crowded-%'`,
    usernames,
  ],
  [
    `insert into role_grants (id, user_id, role_id, granted_at)
     select gen_random_uuid(), u.id, r.id, now() from users u, roles r
     where u.username like 'crowd.%' and r.name in ('crowded-1', 'crowded-2', 'user')`,
  ],
  [
    `insert into sessions (id, user_id, ip_address, user_agent, is_remembered, created_at, last_used_at, expires_at)
     select gen_random_uuid(), u.id, '192.0.2.1', repeat('Mozilla/5.0 ', 40), false, now(), now(), now() + interval '1 day'
     from users u, generate_series(1, 200) where u.username = any ($1)`,
    usernames,
  ],
  [
    `insert into posts (id, author_id, title, body, published, created_at, updated_at, published_at)
     select gen_random_uuid(), u.id, 'Post ' || n, $2, true,
       now() - n * interval '1 minute', now(), now()
     from users u, generate_series(1, 100) n where u.username = $1`,
    usernames[0],
    emoji(20_000),
  ],
  [
    `insert into comments (id, post_id, author_id, body, created_at, updated_at)
     select gen_random_uuid(), p.id, p.author_id, case when p.title = 'Post 1' then $1 else 'A comment' end, now(), now()
     from posts p, generate_series(1, 100)`,
    emoji(5000),
  ],
  [
    `insert into security_event_outbox (id, type, occurred_at, actor_id, subject_id, details)
     select gen_random_uuid(), 'LOGIN_SUCCEEDED', now(), u.id, u.id, '{}'
     from users u, generate_series(1, 300) n where u.username = $1`,
    usernames[0],
  ],
];
