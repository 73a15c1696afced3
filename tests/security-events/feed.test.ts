import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EventFeed } from '../../src/security-events/event-feed.js';
import { cursorOf, type EventFilter, type SecurityEventRow } from '../../src/security-events/event-rows.js';
import { SecurityEventType } from '../../src/security-events/event-types.js';
import { followEvents } from '../../src/security-events/follow-events.js';
import type { Services } from '../../src/services.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { withoutSignals } from '../support/signals.js';

const { LOGIN_FAILED, LOGOUT, ROLE_CREATED } = SecurityEventType;
const insert = `insert into security_event_outbox (id, type, occurred_at, details)
  select gen_random_uuid(), (array['LOGIN_FAILED', 'LOGOUT', 'LOGIN_FAILED', 'ROLE_CREATED'])[1 + n % 4], now(), '{}'
  from generate_series(1, $1::int) n`;

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.close());

const sql = () => harness.app.services.database.sql;
const publish = (count: number) => sql().rows(insert, [count]);
const isSequenced = async () => !(await sql().row('select 1 from security_event_outbox'));
const table = () =>
  sql().rows<SecurityEventRow>(
    'select id, type, sequence from security_events e where sequence is not null order by e.sequence',
  );

/** A feed with a short memory, as if there had been many events. */
const forgetful = (events: number): Services => {
  const { services } = harness.app;
  return { ...services, eventFeed: new EventFeed(services, { events, bytes: 1024 ** 2 }) };
};

/** Reads a stream, with pauses of up to so many milliseconds. */
function reader(services: Services, after: string | null, filter: EventFilter | null = null, pause = 0) {
  const mayGoOn = () => true;
  const stream = followEvents({ services, caller: null, filter, after, mayGoOn });
  const seen: string[] = [];
  const ended = (async () => {
    for await (const { sequence } of stream) {
      seen.push(sequence);
      if (pause) await sleep(Math.random() * pause);
    }
  })();
  return { seen, ended, stop: () => stream.return?.() };
}

const filters: readonly (EventFilter | null)[] = [
  null,
  { types: [LOGIN_FAILED] },
  { types: [LOGOUT, ROLE_CREATED] },
  { types: [] },
];

test('readers of any pace, place and filter get what the table has: none missing, doubled or out of order', async () => {
  const services = forgetful(15);
  const starts: { reader: ReturnType<typeof reader>; from: string; filter: EventFilter | null }[] = [];
  await publish(50);
  await eventually(isSequenced);
  const head = (await table()).length;
  const steady = reader(services, null);
  await eventually(() => services.eventFeed.current);
  for (let round = 0; round < 40; round += 1) {
    const rows = await table();
    const from = rows[Math.floor(Math.random() * rows.length)] as SecurityEventRow;
    const filter = filters[round % filters.length] ?? null;
    const pause = round % 3 === 0 ? 20 : 0;
    starts.push({ reader: reader(services, cursorOf(from), filter, pause), from: from.sequence, filter });
    await publish(1 + (round % 12));
    if (round % 5 === 0) await eventually(isSequenced);
  }
  await eventually(isSequenced);
  const all = await table();
  for (const { reader: each, from, filter } of starts) {
    const expected = all
      .filter(({ sequence, type }) => Number(sequence) > Number(from) && (filter?.types?.includes(type) ?? true))
      .map(({ sequence }) => sequence);
    await eventually(() => each.seen.length >= expected.length, 30_000);
    expect(each.seen).toEqual(expected);
  }
  expect(services.eventFeed.current?.size.events).toBeLessThanOrEqual(15);
  expect(steady.seen).toEqual(all.slice(head).map(({ sequence }) => sequence));
  for (const { reader: each } of [...starts, { reader: steady }]) {
    await each.stop();
    await each.ended;
  }
  expect(services.eventFeed.current).toBeUndefined();
}, 60_000);

describe('a stream without a cursor', () => {
  test('begins behind what was published before it was accepted, also where the process has not heard of it', async () => {
    const { services } = harness.app;
    const idle = reader(services, null);
    await eventually(() => services.eventFeed.current);
    const restore = await withoutSignals(harness.app);
    const other = await harness.another();
    await publish(5);
    await eventually(isSequenced);
    const head = Number((await table()).at(-1)?.sequence);
    const stream = reader(services, null);
    await eventually(() => services.eventFeed.current?.head === head);
    await publish(3);
    await eventually(() => stream.seen.length === 3);
    expect(stream.seen.map(Number)).toEqual([head + 1, head + 2, head + 3]);
    await restore();
    await other.close();
    for (const each of [idle, stream]) await each.stop();
  });
});

test('while signals are not heard the feed reads every second', async () => {
  const other = await harness.another();
  const stream = reader(harness.app.services, null);
  await eventually(() => harness.app.services.eventFeed.current);
  const restore = await withoutSignals(harness.app);
  await other.services.database.sql.rows(insert, [4]);
  await eventually(() => stream.seen.length === 4);
  await restore();
  await stream.stop();
  await other.close();
});

describe('a cursor behind which events are no longer kept', () => {
  const expire = (below: number) => sql().rows('delete from security_events where sequence < $1', [String(below)]);

  test('is refused; the one before the first that is kept is not', async () => {
    await publish(30);
    await eventually(isSequenced);
    const rows = await table();
    const smallest = Number(rows[10]?.sequence);
    await expire(smallest);
    const expired = reader(forgetful(5), cursorOf(rows[8] as SecurityEventRow));
    await expect(expired.ended).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
    expect(expired.seen).toEqual([]);
    const kept = reader(forgetful(5), cursorOf(rows[9] as SecurityEventRow));
    await eventually(() => kept.seen.length === rows.length - 10);
    await kept.stop();
  });

  test('ends a stream that retention overtakes', async () => {
    const services = forgetful(5);
    await publish(150);
    await eventually(isSequenced);
    const rows = await table();
    const stream = followEvents({
      services,
      caller: null,
      filter: null,
      after: cursorOf(rows[0] as SecurityEventRow),
      mayGoOn: () => true,
    });
    for (let n = 0; n < 100; n += 1) await stream.next();
    await expire(Number(rows.at(-5)?.sequence));
    await expect(stream.next()).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
  });
});

test('a stream ends before the next event when the answer about its rights changes, and asks once for each', async () => {
  const { services } = harness.app;
  let [may, asked] = [true, 0];
  const mayGoOn = () => {
    asked += 1;
    return may;
  };
  const stream = followEvents({ services, caller: null, filter: null, after: null, mayGoOn });
  const first = stream.next();
  await eventually(() => services.eventFeed.current);
  await publish(2);
  await first;
  const before = asked;
  expect((await stream.next()).done).toBe(false);
  expect(asked).toBe(before + 1);
  await publish(1);
  await eventually(isSequenced);
  may = false;
  expect(await stream.next()).toEqual({ done: true, value: undefined });
});

test('the feed says that it is stalled while the database cannot be read, and that it is not afterwards', async () => {
  const services = forgetful(5);
  const stream = reader(services, null);
  await eventually(() => services.eventFeed.current);
  expect(await services.eventFeed.health()).toEqual({ isStalled: false, lag: expect.any(Number) });
  const original = sql().rows;
  sql().rows = () => Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }));
  await eventually(async () => (await services.eventFeed.health()).isStalled);
  sql().rows = original;
  await eventually(async () => !(await services.eventFeed.health()).isStalled);
  await stream.stop();
});
