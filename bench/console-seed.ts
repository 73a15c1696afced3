import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { seedPeopleAndEvents } from './events-seed.js';

/** How many of each there are beside the people and events. */
const counts: ListCounts = { sessions: 300_000, tokens: 200_000, endingGrants: 20_000 };

interface ListCounts {
  readonly sessions: number;
  readonly tokens: number;
  readonly endingGrants: number;
}

/** People by number; each statement gets the first numbers of them. */
const numbered = `(select u.id, row_number() over (order by u.id) as n from users u order by u.id limit $1) u`;

const sessions = `
  insert into sessions (id, user_id, ip_address, user_agent, is_remembered, created_at, last_used_at, expires_at,
    expiry_check_at)
  select gen_random_uuid(), u.id, '10.' || n % 200 || '.' || n % 251 || '.' || n % 17,
    'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', n % 2 = 0,
    now() - n * interval '6 seconds', now() - n * interval '3 seconds', now() + interval '10 days',
    now() + interval '10 days'
  from ${numbered}`;

const tokens = `
  insert into api_tokens (id, user_id, name, token_hash, scopes, created_at, expires_at, revoked_at)
  select gen_random_uuid(), u.id, 'script ' || n, sha256(convert_to($2 || n, 'UTF8')), array['user:read'],
    now() - n * interval '1 minute', case when n % 3 = 0 then now() - n * interval '10 seconds' end,
    case when n % 10 = 0 then now() - n * interval '30 seconds' end
  from ${numbered}`;

const endingGrants = `
  update role_grants g set expires_at = now() + n * interval '20 seconds' + interval '1 hour'
  from ${numbered} where g.user_id = u.id and g.role_id <> (select id from roles where name = 'user')`;

/** Fills a migrated database with people, events, open sessions, API tokens and grants that end within a week. */
export async function seedConsole(databaseUrl: string): Promise<string> {
  const hash = await seedPeopleAndEvents(databaseUrl);
  await seedLists(databaseUrl, counts);
  return hash;
}

/** Adds to people what the lists of the console show. */
export async function seedLists(databaseUrl: string, counts: ListCounts): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    await client.query('set session_replication_role = replica');
    await client.query(sessions, [counts.sessions]);
    await client.query(tokens, [counts.tokens, randomBytes(16).toString('hex')]);
    await client.query(endingGrants, [counts.endingGrants]);
    await client.query('vacuum analyze sessions, api_tokens, role_grants');
  } finally {
    await client.end();
  }
}
