import { expect, test } from '@jest/globals';
import type { Client } from '../support/client.js';
import { allPublished } from '../support/events.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { administer } from '../support/postgres.js';

const follow = 'subscription ($after: String) { securityEvents(after: $after) { cursor type } }';
const followRare = follow.replace('after: $after)', 'after: $after, filter: { types: [ROLE_CREATED] })');

/** Makes reading from the table slower than the statement time-out, while looking up the newest event stays fast. */
const slow = `
  alter table security_events rename to security_events_kept;
  create function slow() returns boolean language plpgsql volatile as $$ begin perform pg_sleep(30); return true; end $$;
  create view security_events as select * from security_events_kept where sequence < 0 or slow()`;

async function started() {
  const harness = await Harness.start();
  const patient = await harness.another({ DATABASE_URL: `${harness.databaseUrl}?statement_timeout=700` });
  return { harness, url: patient.url };
}

/** Once what has happened so far is published, the sign-in among it. */
async function firstCursor(harness: Harness, admin: Client): Promise<string> {
  await allPublished(harness);
  const { data } = await admin.ask('{ securityEvents(first: 1) { edges { cursor } } }');
  return String(data['securityEvents']?.['edges']?.[0]?.['cursor']);
}

test('a stream whose filter is too slow says so in the log and ends with its own code', async () => {
  const { harness, url } = await started();
  const admin = await harness.admin();
  const after = await firstCursor(harness, admin);
  const client = Object.assign(harness.client(), { url });
  client.token = admin.token;
  await administer(harness.databaseUrl, slow);
  const stream = client.follow(follow, { after });
  await eventually(() => stream.ended, 30_000);
  expect(stream.codes).toEqual(['OPERATION_TIMED_OUT']);
  const said = harness.logged.filter((line) => line.includes('time limit') && line.includes('timeouts'));
  expect(said.map((line) => JSON.parse(line).timeouts)).toEqual([1, 2, 3]);
});

test('a query that is too slow has a code of its own, on both ways of running it', async () => {
  const { harness, url } = await started();
  const admin = await harness.admin();
  const query = '{ securityEvents(first: 1) { nodes { type } } }';
  await administer(harness.databaseUrl, slow);
  for (let n = 0; n < 3; n += 1) {
    const reply = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${admin.token}` },
      body: JSON.stringify({ query }),
    });
    const { errors, data } = (await reply.json()) as { errors: { extensions: { code: string } }[]; data: unknown };
    expect([data, errors.map(({ extensions }) => extensions.code)]).toEqual([null, ['OPERATION_TIMED_OUT']]);
  }
  expect((await fetch(`${url}/health/ready`)).status).toBe(200);
});

test('what is rare among many events is found in steps, and behind a cursor of long ago', async () => {
  const harness = await Harness.start();
  const admin = await harness.admin();
  const { sql } = harness.app.services.database;
  const after = await firstCursor(harness, admin);
  await sql.rows(
    `insert into security_events (id, type, occurred_at, details, sequence)
     select gen_random_uuid(), case when n % 11000 = 0 then 'ROLE_CREATED' else 'LOGIN_FAILED' end, now(), '{}', n + 1000
     from generate_series(1, 33000) n`,
  );
  const stream = admin.follow(followRare, { after });
  await eventually(() => stream.events.length === 3, 30_000);
  expect(stream.codes).toEqual([]);
  stream.stop();
});
