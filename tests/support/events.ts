import { minutes } from '../../src/clock.js';
import type { Services } from '../../src/services.js';
import type { Client } from './client.js';
import { eventually } from './eventually.js';
import type { Harness } from './harness.js';

/** Writes an event to the outbox, with these details. */
export const writeEvent = `insert into security_event_outbox (id, type, occurred_at, details) values (gen_random_uuid(), 'LOGIN_FAILED', now(), $1)`;

/** Resolves when everything that was committed is published. Tells the service of it, as whoever else commits does. */
export const allPublished = ({ app }: Harness): Promise<unknown> => {
  app.services.database.noteCommit();
  return eventually(async () => !(await app.services.database.sql.row('select from security_event_outbox')));
};

/**
 * Resolves when the refusals that happened so far are published. They are recorded in the background, a second later at
 * most and in their order: once a new one is there, so are all before it.
 * @param refused a client whose refused calls were fewer than five so far; it is refused once more
 */
export async function refusalsPublished(harness: Harness, refused: Client): Promise<void> {
  const { sql } = harness.app.services.database;
  const text = `select count(*)::int as count from security_events where type = 'PERMISSION_DENIED' and actor_id = $1`;
  const recorded = async () => (await sql.row<{ count: number }>(text, [refused.userId ?? null]))?.count ?? 0;
  const before = await recorded();
  await refused.ask('{ failedJobs { totalCount } }');
  await eventually(async () => (await recorded()) > before);
}

/** Publishes as many events, and waits until a head of the last one is signed and kept. */
export async function publish(harness: Harness, count: number): Promise<void> {
  const { sql } = harness.app.services.database;
  for (let mark = 0; mark < count; mark += 1) await sql.rows(writeEvent, [JSON.stringify({ mark })]);
  await allPublished(harness);
  harness.clock.advance(minutes(6));
  await eventually(() =>
    sql.row('select from event_heads where sequence = (select max(sequence) from security_events) and sequence > 0'),
  );
}

/** The services with another EVENT_RETENTION, in milliseconds; those of the running process drop nothing meanwhile. */
export const keepingFor = ({ app: { services } }: Harness, eventRetention: number): Services => ({
  ...services,
  config: { ...services.config, eventRetention },
});

/** Ends the service's own verification of the record, and forgets what it found, so that a test can alter the record. */
export async function withoutVerification({ app }: Harness): Promise<void> {
  const { sql } = app.services.database;
  await eventually(async () => {
    const text = `delete from jobs where task = 'event-verification' and claimed_until is null returning 1`;
    return (await sql.rows(text)).length > 0;
  });
  for (const table of ['event_walks', 'event_verifications']) await sql.rows(`delete from ${table}`);
}
