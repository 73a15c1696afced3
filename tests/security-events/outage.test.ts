import { expect, test } from '@jest/globals';
import pg from 'pg';
import type { Json } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';

const insert = `insert into security_event_outbox (id, type, occurred_at, subject_id, details) values (gen_random_uuid(), 'LOGIN_FAILED', now(), $1, $2)`;
const cutSome = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and application_name like 'gatehouse%' and random() < 0.5`;

test('a stream outlives connections that break in its midst: every event once, in order and whole', async () => {
  const harness = await Harness.start();
  const admin = await harness.admin();
  const outside = new pg.Client({ connectionString: harness.databaseUrl });
  await outside.connect();
  const following = admin.follow(
    'subscription { securityEvents(filter: { types: [LOGIN_FAILED] }) { cursor details subject { username } } }',
  );
  const events = () => following.events.map((event) => event['securityEvents'] as Json);
  await eventually(async () => {
    await outside.query(insert, [admin.userId, { mark: -1 }]);
    return events().length > 0;
  });
  for (let mark = 0; mark < 40; mark++) {
    await outside.query(insert, [admin.userId, { mark }]);
    if (mark % 4 === 0) await outside.query(cutSome);
  }
  const marks = () =>
    events()
      .map((event) => Number(event['details']?.['mark']))
      .filter((mark) => mark >= 0);
  await eventually(() => marks().length >= 40, 25_000);
  expect(marks()).toEqual(Array.from({ length: 40 }, (_, mark) => mark));
  expect(events().filter((event) => event['subject']?.['username'] !== 'root.admin')).toEqual([]);
  expect([following.codes, following.ended]).toEqual([[], false]);
  following.stop();
  await outside.end();
});
