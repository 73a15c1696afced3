import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { after, hours, seconds } from '../src/clock.js';
import { loadConfig } from '../src/config.js';
import { rotation } from '../src/sessions/rotate.js';
import { idleLifetime } from '../src/sessions/sessions.js';
import type { Plan } from './plan.js';
import type { Result } from './report.js';
import type { Stage } from './stage.js';

const count = 10_000;
/** Refreshes of each session, an hour apart. The first, which the figures leave out, writes whole pages after a checkpoint. */
const rounds = 10;

const { lifetimes } = loadConfig({});
const idle = idleLifetime(loadConfig({}), false);

const sessions = `
  insert into sessions (id, user_id, ip_address, user_agent, is_remembered, created_at, last_used_at, expires_at, expiry_check_at, token_hash)
  select gen_random_uuid(), u.id, '192.0.2.' || n % 251, 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
    false, now(), now(), now() + $2 * interval '1 millisecond', now() + $2 * interval '1 millisecond', sha256(convert_to(n::text, 'UTF8'))
  from generate_series(1, $1::int) n, lateral (select id from users order by n limit 1) u
  returning id, token_hash as "tokenHash"`;

const figuresOf = `
  select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::float8 as wal, n_tup_upd::int as updates, n_tup_hot_upd::int as hot,
    pg_total_relation_size('sessions')::int + pg_total_relation_size('refresh_tokens')::int as bytes,
    (select count(*)::int from refresh_tokens) as rows
  from pg_stat_user_tables where relname = 'sessions'`;
type Figures = Readonly<Record<'wal' | 'updates' | 'hot' | 'bytes' | 'rows', number>>;

interface Refreshed {
  readonly id: string;
  tokenHash: Buffer;
}

/** Counts what 100,000 refreshes write, by the service's own statement: rows, bytes of tables and log, and the share of HOT updates. */
export async function sessionGrowth({ env }: Stage, _plan: Plan): Promise<Result> {
  const client = new pg.Client(env.DATABASE_URL);
  await client.connect();
  try {
    await client.query('set synchronous_commit = off');
    await client.query(`set session_replication_role = 'replica'`);
    const opened = (await client.query<Refreshed>(sessions, [count, idle])).rows;
    await client.query('vacuum full analyze sessions');
    await client.query('checkpoint');
    await refreshAll(client, opened, 1);
    const before = await figures(client);
    for (let round = 1; round <= rounds; round += 1) await refreshAll(client, opened, round + 1);
    return resultOf(before, await figures(client));
  } finally {
    await client.end();
  }
}

async function refreshAll(client: pg.Client, opened: readonly Refreshed[], round: number): Promise<void> {
  const start = Date.now() + round * hours(1);
  // In another order each time: neighbours in a page are not refreshed one after the other.
  const order = [...opened].sort((one, other) => one.tokenHash.compare(other.tokenHash));
  for (const [n, session] of order.entries()) {
    const [now, successor] = [new Date(start + n * seconds(0.3)), randomBytes(32)];
    const ends = [after(now, idle), after(now, idle), lifetimes.session];
    const values = [session.tokenHash, now, successor, ...ends, session.id, round];
    const { rowCount } = await client.query({ name: 'rotation', text: rotation, values });
    if (rowCount !== 1) throw new Error('A session was not refreshed');
    session.tokenHash = successor;
  }
}

async function figures(client: pg.Client): Promise<Figures> {
  await client.query('select pg_stat_force_next_flush()');
  return (await client.query<Figures>(figuresOf)).rows[0] as Figures;
}

function resultOf(before: Figures, after: Figures): Result {
  const grown = (of: keyof Figures) => after[of] - before[of];
  const [refreshes, share] = [count * rounds, grown('hot') / grown('updates')];
  return {
    scenario: 'HOT share of refreshes',
    floor: `${refreshes} refreshes`,
    service: `${Math.round(share * 100)} %`,
    ratio: share,
    target: { atLeast: 0.95 },
    notes: [
      `${Math.round(grown('wal') / refreshes)} bytes of write-ahead log for a refresh`,
      `${(grown('rows') / refreshes).toFixed(2)} rows and ${(grown('bytes') / refreshes).toFixed(1)} bytes of tables and indexes for a refresh`,
    ],
  };
}
