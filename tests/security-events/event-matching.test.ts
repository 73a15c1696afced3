import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { matcherOf } from '../../src/security-events/event-matching.js';
import type { EventFilter } from '../../src/security-events/event-rows.js';
import { SecurityEventType } from '../../src/security-events/event-types.js';
import { eventsWithin, newestEvents } from '../../src/security-events/read-events.js';
import { Harness } from '../support/harness.js';

const { LOGIN_FAILED, LOGOUT, ROLE_CREATED } = SecurityEventType;
const ids = Array.from({ length: 4 }, () => randomUUID());
const addresses = ['192.0.2.1', '192.0.2.10', '2001:db8::1', '2001:DB8::1', 'localhost', '', ' ', 'é', 'e\u0301', '%'];
const epoch = Date.UTC(2026, 0, 1);

const instants = fc.integer({ min: -3, max: 3 }).map((milliseconds) => new Date(epoch + milliseconds));
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const someId = fc.constantFrom(...ids, ...ids.map((id) => id.toUpperCase()), randomUUID(), 'nonsense', '');
const filters: fc.Arbitrary<EventFilter | null> = fc.option(
  fc.record({
    types: maybe(fc.subarray([LOGIN_FAILED, LOGOUT, ROLE_CREATED])),
    subjectId: maybe(fc.option(someId)),
    actorId: maybe(someId),
    personId: maybe(someId),
    requestId: maybe(fc.constantFrom(...ids, 'REQ', 'req', '')),
    sessionId: maybe(someId),
    ipAddress: maybe(fc.constantFrom(...addresses, 'LOCALHOST', '192.0.2.1 ')),
    since: maybe(instants),
    until: maybe(instants),
    rightsOf: maybe(someId),
  }),
);

/** Random events; some instants have microseconds, or lie before 1970. */
const insert = `
  insert into security_events (id, type, occurred_at, actor_id, subject_id, session_id, ip_address, request_id, details, sequence)
  select gen_random_uuid(), (array['LOGIN_FAILED', 'LOGOUT', 'ROLE_CREATED', 'USER_UPDATED', 'ROLE_UPDATED', 'ROLE_GRANTED'])[1 + (random() * 5)::int],
    case when random() < 0.1 then timestamptz '1969-12-31 23:59:59.9995Z' else
      timestamptz '2026-01-01 00:00:00Z' + interval '1 microsecond' * (random() * 6000 - 3000)::int end,
    ($1::uuid[])[1 + (random() * 5)::int], ($1::uuid[])[1 + (random() * 5)::int], ($1::uuid[])[1 + (random() * 5)::int],
    ($2::text[])[1 + (random() * 11)::int], (array['req', '', ($1::uuid[])[1]::text])[1 + (random() * 3)::int], '{}', 1000000 + n
  from generate_series(1, 400) n`;

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
  await harness.app.services.database.sql.rows(insert, [ids, addresses]);
});

test('a filter selects the same events from memory as from the table', async () => {
  const { sql } = harness.app.services.database;
  const events = await newestEvents(sql, 400);
  expect(new Set(events.map(({ sequence }) => sequence)).size).toBe(400);
  let selected = 0;
  await fc.assert(
    fc.asyncProperty(filters, async (filter) => {
      const fromTable = await eventsWithin(sql, { from: 1_000_000, to: 1_000_400 }, filter, 1000);
      expect(events.filter(matcherOf(filter))).toEqual(fromTable);
      selected += fromTable.length;
    }),
    { numRuns: 500 },
  );
  expect(selected).toBeGreaterThan(0);
});
