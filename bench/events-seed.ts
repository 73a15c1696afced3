import pg from 'pg';
import { failureTypes } from '../src/security-events/statistics/count-published.js';
import { occurrences } from '../src/security-events/statistics/occurrences.js';
import { seedMillion } from './million-seed.js';

/** As in issue 14: events over 13 months, the newest now. */
const eventCount = 10_000_000;
const months = 13;
/** Events that one statement writes. */
const batch = 250_000;

/**
 * Types with their share in a hundred, as a service with many sign-ins has them. Failures come from few addresses, a
 * tenth of them sums of many.
 */
const types = [
  ...repeated('LOGIN_SUCCEEDED', 38),
  ...repeated('SESSION_EXPIRED', 20),
  ...repeated('LOGIN_FAILED', 14),
  ...repeated('LOGOUT', 10),
  ...repeated('PERMISSION_DENIED', 5),
  ...repeated('USER_UPDATED', 4),
  ...repeated('RATE_LIMITED', 2),
  ...repeated('ROLE_GRANTED', 2),
  ...repeated('ROLE_EXPIRED', 1),
  ...repeated('ACCOUNT_LOCKED', 1),
  ...repeated('TWO_FACTOR_FAILED', 1),
  ...repeated('PASSWORD_CHANGED', 1),
  ...repeated('API_TOKEN_CREATED', 1),
];

function repeated(type: string, times: number): string[] {
  return new Array<string>(times).fill(type);
}

const partitions = `select gatehouse_event_partition(now() - n * interval '1 month') from generate_series(0, ${months}) n`;

/** The chain begins anew behind the seeded events, so what the service has published at its start must go. */
const emptied =
  'truncate security_events, security_event_outbox, event_heads, event_walks, event_verifications, event_counts, failure_counts';

/**
 * Parameters: the first number, the last one, and how many there are in all. They have no hash: to the service they are
 * events from before the chain, which begins behind them with the first event that it publishes.
 */
const events = `
  insert into security_events (sequence, published_at, id, type, occurred_at, actor_id, subject_id, ip_address, details, words)
  select n, at, gen_random_uuid(), type, at, id, id,
    case when type in ('LOGIN_FAILED', 'TWO_FACTOR_FAILED') then '198.51.100.' || n % 97 else '10.' || n % 200 || '.' || n % 251 || '.' || n % 17 end,
    case when type = 'LOGIN_FAILED' and n % 10 = 0 then jsonb_build_object('passwordProved', false, 'count', 2 + n % 40)
      when type = 'USER_UPDATED' then jsonb_build_object('fields', jsonb_build_array('bio')) else '{}' end,
    case when type = 'USER_UPDATED' then 'bio'::tsvector end
  from (
    select n, now() - ($3::bigint - n) * (interval '${months} months' / $3::bigint) as at,
      ($4::text[])[1 + (n * 2654435761 % 1000003) % ${types.length}] as type,
      ($5::uuid[])[1 + n * 7919 % array_length($5::uuid[], 1)] as id
    from generate_series($1::bigint, $2::bigint) n
  ) one`;

const hour = `date_trunc('hour', e.occurred_at, 'UTC')`;
const month = `to_char(e.published_at at time zone 'UTC', 'YYYY_MM')`;

/** Counts all events at once, for which the job would take half an hour. */
const counted = [
  'begin',
  // The job that counts, which may have begun, waits.
  'select from event_counting for update',
  'truncate event_counts, failure_counts',
  `insert into event_counts (hour, type, month, events, occurrences)
   select ${hour}, e.type, ${month}, count(*), sum(${occurrences}) from security_events e group by 1, 2, 3`,
  `insert into failure_counts (ip_address, hour, month, occurrences, first_at, last_at, last_sequence)
   select e.ip_address, ${hour}, ${month}, sum(${occurrences}), min(e.occurred_at), max(e.occurred_at), max(e.sequence)
   from security_events e where e.type in (${failureTypes.map((type) => `'${type}'`).join()}) group by 1, 2, 3`,
  'update event_counting set counted_from = 0, counted_to = (select max(sequence) from security_events)',
  'commit',
  'vacuum analyze event_counts, failure_counts',
];

/** Of whom the events tell; of more the statement would be too large. */
const people = 'select array(select id from users order by id limit 20000)::text[] as ids';

/** Fills a migrated database with a million people, and its record with ten million events. */
export async function seedPeopleAndEvents(databaseUrl: string): Promise<string> {
  const hash = await seedMillion(databaseUrl);
  await seedEvents(databaseUrl);
  return hash;
}

/**
 * Replaces the record of a database that holds users, while its service is idle.
 * @param count how many events
 */
export async function seedEvents(databaseUrl: string, count = eventCount): Promise<void> {
  const start = performance.now();
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    for (const statement of ['set synchronous_commit = off', partitions, emptied]) await client.query(statement);
    const [found] = (await client.query<{ ids: string[] }>(people)).rows;
    for (let first = 1; first <= count; first += batch)
      await client.query(events, [first, Math.min(count, first + batch - 1), count, types, found?.ids ?? []]);
    for (const statement of counted) await client.query(statement);
    await client.query('vacuum analyze security_events');
  } finally {
    await client.end();
  }
  console.log(`${count} events made in ${Math.round((performance.now() - start) / 1000)} s`);
}
