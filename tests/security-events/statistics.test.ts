import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { App } from '../../src/app.js';
import { after, days, hours } from '../../src/clock.js';
import { dropExpiredEvents } from '../../src/security-events/chain/retention.js';
import { countPublished } from '../../src/security-events/statistics/count-published.js';
import type { Client } from '../support/client.js';
import { allPublished, keepingFor } from '../support/events.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';

let harness: Harness;
let second: App;
let admin: Client;
beforeAll(async () => {
  harness = await Harness.start();
  second = await harness.another();
  admin = await harness.admin();
  // The test itself counts, so that it knows what is counted and what is not.
  await eventually(async () => {
    const text = `delete from jobs where task = 'event-counts' and claimed_until is null returning 1`;
    return (await sql(text)).length > 0;
  });
});
afterAll(() => harness.close());

/** Each test counts from where the record is now. */
beforeEach(async () => {
  await allPublished(harness);
  await count();
});

const sql = <Row>(text: string, values: readonly (string | Date)[] = []) =>
  harness.app.services.database.sql.rows<Row>(text, values);
const count = (app = harness.app) => countPublished(app.services);

interface Event {
  readonly type: string;
  readonly at: Date;
  readonly details: unknown;
}

const types = ['LOGIN_SUCCEEDED', 'LOGIN_FAILED', 'PERMISSION_DENIED', 'USER_UPDATED', 'RATE_LIMITED'];

async function write(events: readonly Event[]): Promise<void> {
  await sql(
    `insert into security_event_outbox (id, type, occurred_at, details)
     select gen_random_uuid(), e.type, e.at, e.details from jsonb_to_recordset($1::jsonb) e (type text, at timestamptz, details jsonb)`,
    [JSON.stringify(events)],
  );
  harness.app.services.database.noteCommit();
}

/** Writes events beside the outbox, as if they had been published in the month in which they happened. */
async function plant(events: readonly Event[]): Promise<void> {
  await sql('select gatehouse_event_partition(at) from jsonb_to_recordset($1::jsonb) e (at timestamptz)', [
    JSON.stringify(events),
  ]);
  await sql(
    `insert into security_events (id, type, occurred_at, details, published_at, sequence)
     select gen_random_uuid(), e.type, e.at, e.details, e.at, row_number() over (order by e.at) - 1000
     from jsonb_to_recordset($1::jsonb) e (type text, at timestamptz, details jsonb)`,
    [JSON.stringify(events)],
  );
}

interface Statistics {
  readonly starts: string[];
  readonly series: { type: string; count: number; events: number; counts: number[] }[];
  readonly isComplete: boolean;
  readonly countedSince: string | null;
}

interface Asked {
  readonly from: Date;
  readonly to: Date;
  readonly interval: 'HOUR' | 'DAY';
  readonly timeZone?: string;
  readonly types?: string[];
}

const query = `query ($from: DateTime!, $to: DateTime!, $interval: StatisticsInterval!, $timeZone: String!, $types: [SecurityEventType!]) {
  securityStatistics(from: $from, to: $to, interval: $interval, timeZone: $timeZone, types: $types) {
    starts isComplete countedSince series { type count events counts }
  }
}`;
const ask = async (asked: Asked) => admin.ask(query, { timeZone: 'UTC', ...asked });
const statistics = async (asked: Asked): Promise<Statistics> => {
  const { data, codes } = await ask(asked);

  expect(codes).toEqual([]);
  return data['securityStatistics'] as unknown as Statistics;
};

/** Counts one by one what the statistics tell. */
async function recount({ starts }: Statistics, { to, types: asked }: Asked) {
  const rows = await sql<{ type: string; at: Date; details: { count?: unknown } }>(
    'select type, occurred_at as at, details from security_events',
  );
  const bounds = [...starts.map((start) => Date.parse(start)), to.getTime()];
  const series = new Map<string, { count: number; events: number; counts: number[] }>();
  for (const { type, at, details } of rows) {
    const hour = Math.floor(at.getTime() / hours(1)) * hours(1);
    const place = bounds.findIndex(
      (bound, n) => hour >= bound && n + 1 < bounds.length && hour < Number(bounds[n + 1]),
    );
    if (place < 0 || (asked && !asked.includes(type))) continue;
    const one = series.get(type) ?? { count: 0, events: 0, counts: starts.map(() => 0) };
    const isSum = ['LOGIN_FAILED', 'PERMISSION_DENIED', 'RATE_LIMITED'].includes(type);
    const times = isSum && typeof details?.count === 'number' ? details.count : 1;
    one.counts[place] = Number(one.counts[place]) + times;
    one.count += times;
    one.events += 1;
    series.set(type, one);
  }
  return [...series].map(([type, one]) => ({ type, ...one })).sort((one, other) => (one.type < other.type ? -1 : 1));
}

async function expectExact(asked: Asked): Promise<Statistics> {
  const found = await statistics(asked);
  const inOrder = [...found.series].sort((one, other) => (one.type < other.type ? -1 : 1));
  expect(inOrder).toEqual(await recount(found, asked));
  return found;
}

const now = () => harness.clock.now();
const detailsOf = fc.oneof(
  fc.constant({}),
  fc.record({ count: fc.integer({ min: 2, max: 9999 }) }),
  fc.constantFrom<unknown>({ count: 'many' }, { count: null }, [], 'text', 7),
);
const events = fc.array(
  fc.record({
    type: fc.constantFrom(...types),
    at: fc.integer({ min: -40 * 24 * 60, max: 0 }).map((minute) => after(now(), minute * 60_000)),
    details: detailsOf,
  }),
  { maxLength: 40 },
);
const spans = fc.record({
  from: fc.integer({ min: 1, max: 300 }).map((back) => after(now(), -hours(back) - 1234)),
  to: fc.integer({ min: 0, max: 200 }).map((back) => after(now(), -hours(back) / 4 + 1234)),
  interval: fc.constantFrom<'HOUR' | 'DAY'>('HOUR', 'DAY'),
  timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/St_Johns', 'Pacific/Apia'),
  types: fc.option(fc.subarray(types), { nil: undefined }),
});

test('the sums are those of the events one by one, whatever is counted already and whoever counts', async () => {
  await fc.assert(
    fc.asyncProperty(events, spans, fc.constantFrom('nobody', 'one', 'both'), async (written, span, who) => {
      await write(written);
      await allPublished(harness);
      if (who === 'one') await count(second);
      if (who === 'both') await Promise.all([count(), count(second), count(), count(second)]);
      const asked = { ...span, from: span.from < span.to ? span.from : after(span.to, -hours(30)) };
      const { types: chosen, ...others } = asked;
      expect(await expectExact(chosen ? { ...others, types: chosen } : others)).toMatchObject({ isComplete: true });
    }),
    { numRuns: 20, endOnFailure: true },
  );
});

test('hours are counted once while two processes publish and count, and runs fail half way', async () => {
  await sql(`create sequence fallible`);
  await sql(`create function fail_sometimes() returns trigger language plpgsql as $$ begin
    if nextval('fallible') % 3 = 0 then raise 'no'; end if; return new; end $$`);
  await sql(
    'create trigger fail_sometimes before update on event_counting for each row execute function fail_sometimes()',
  );
  let failures = 0;
  for (let round = 0; round < 15; round += 1) {
    const writing = write(types.map((type) => ({ type, at: now(), details: { count: 3 } })));
    const counting = [harness.app, second].map((app) => count(app).catch(() => (failures += 1)));
    await Promise.all([writing, ...counting]);
  }
  await sql('drop trigger fail_sometimes on event_counting');
  expect(failures).toBeGreaterThan(0);
  await allPublished(harness);
  const asked: Asked = { from: after(now(), -hours(48)), to: after(now(), 1), interval: 'HOUR' };
  await expectExact(asked);
  await count();
  await expectExact(asked);
});

test('days begin at midnight in the time zone, also when the clocks change', async () => {
  const asked: Asked = {
    from: new Date('2026-03-27T12:00:00Z'),
    to: new Date('2026-03-31T00:00:00Z'),
    interval: 'DAY',
    timeZone: 'Europe/Berlin',
  };
  const { starts } = await statistics(asked);
  expect(starts.map((start) => new Date(start).toISOString().slice(0, 16))).toEqual([
    '2026-03-26T23:00',
    '2026-03-27T23:00',
    '2026-03-28T23:00',
    '2026-03-29T22:00',
    '2026-03-30T22:00',
  ]);
});

test('a span that is empty or too long, and an unknown time zone, are refused', async () => {
  const [from, to] = [after(now(), -hours(24)), now()];
  const refused = async (asked: Partial<Asked>) => (await ask({ from, to, interval: 'HOUR', ...asked })).codes;
  expect(await refused({ from: to })).toEqual(['BAD_USER_INPUT']);
  expect(await refused({ from: after(to, -days(17)) })).toEqual(['BAD_USER_INPUT']);
  expect(await refused({ from: after(to, -days(401)), interval: 'DAY' })).toEqual(['BAD_USER_INPUT']);
  expect(await refused({ from: new Date('0001-01-01T00:00:00Z') })).toEqual(['BAD_USER_INPUT']);
  for (const timeZone of ['Middle-earth/Shire', "UTC'; drop table users", '+05:30', ''])
    expect(await refused({ timeZone, interval: 'DAY' })).toEqual(['BAD_USER_INPUT']);
  expect(await refused({ from: after(to, -days(399)), interval: 'DAY' })).toEqual([]);
});

test('what was published before the counts were introduced is counted backwards, and what is not yet is told', async () => {
  const [from, to] = [after(now(), -days(20)), after(now(), 1)];
  await sql('delete from event_counts');
  await sql(`update event_counting set counted_from = counted_to, counted_to = counted_to`);
  await write([{ type: 'LOGIN_SUCCEEDED', at: now(), details: {} }]);
  await allPublished(harness);
  const early = await statistics({ from, to, interval: 'DAY' });
  expect(early.isComplete).toBe(false);
  expect(new Date(String(early.countedSince)).getTime()).toBeGreaterThan(from.getTime());
  expect(early.series).toMatchObject([{ type: 'LOGIN_SUCCEEDED', count: 1 }]);
  await Promise.all([count(), count(second)]);
  expect(await expectExact({ from, to, interval: 'DAY' })).toMatchObject({ isComplete: true, countedSince: null });
});

test('a month that is dropped takes its counts along, also if it is counted in part', async () => {
  const [old, older] = [after(now(), -days(100)), after(now(), -days(200))];
  await plant([old, older].flatMap((at) => types.map((type) => ({ type, at, details: {} }))));
  await sql('delete from event_counts');
  await sql('update event_counting set counted_from = counted_to');
  await count();
  const asked: Asked = { from: after(now(), -days(300)), to: after(now(), 1), interval: 'DAY' };
  const before = await expectExact(asked);
  // Those of before the chain have no hash, so their numbers must be below it.
  await sql(`update event_heads set sequence = 0 where kind = 'genesis' and sequence > 0`);
  expect(await dropExpiredEvents(keepingFor(harness, days(150)))).toBeGreaterThan(0);
  const rest = await expectExact(asked);
  const total = ({ series }: Statistics) => series.reduce((sum, one) => sum + one.events, 0);
  expect(total(before) - total(rest)).toBe(types.length);
});

test('the right to the events is needed', async () => {
  const stranger = await harness.person('stranger');
  const { codes } = await stranger.ask(query, {
    from: after(now(), -days(1)),
    to: now(),
    interval: 'HOUR',
    timeZone: 'UTC',
  });
  expect(codes).toEqual(['FORBIDDEN']);
});
