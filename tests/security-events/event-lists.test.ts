import { beforeAll, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { days, hours } from '../../src/clock.js';
import { encodeCursor, type PageRequest } from '../../src/database/keyset.js';
import type { Sql } from '../../src/database/sql.js';
import { asSystem } from '../../src/open-services.js';
import { countEvents } from '../../src/security-events/event-counts.js';
import type { EventFilter } from '../../src/security-events/event-rows.js';
import { SecurityEventType } from '../../src/security-events/event-types.js';
import { listEvents } from '../../src/security-events/list-events.js';
import { allPublished } from '../support/events.js';
import { Harness } from '../support/harness.js';
import { seeded } from '../support/seeded.js';

const size = 40_000;
const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/**
 * Four hundred days of events: two common types and a rare one, 100 actors, 500 sessions. Every 997th was published two days
 * after it happened, and every 991st by a clock that was an hour behind. All have the word "common", every 4000th "rare", and
 * of the first quarter each second has "old".
 */
const fill = `
  select gatehouse_event_partition(now() - interval '1 month' * n) from generate_series(0, 14) n;
  insert into security_events (sequence, published_at, id, type, occurred_at, actor_id, subject_id, session_id, ip_address, details, words)
  select n, at, gen_random_uuid(),
    case when n % 2000 = 0 then 'ROLE_UPDATED' when n % 2 = 0 then 'LOGIN_FAILED' else 'LOGIN_SUCCEEDED' end,
    at - case when n % 997 = 0 then interval '2 days' when n % 991 = 0 then interval '-1 hour' else interval '0.005 s' end,
    case when n % 2 = 1 then ('00000000-0000-4000-8000-' || lpad((n % 100)::text, 12, '0'))::uuid end,
    ('00000000-0000-4000-8000-' || lpad((n % 100)::text, 12, '0'))::uuid,
    ('00000000-0000-4000-8000-' || lpad((n % 500)::text, 12, '0'))::uuid, '10.0.0.' || n % 50, '{}',
    concat_ws(' ', 'common', case when n % 4000 = 0 then 'rare' end, case when n % 2 = 0 and n < ${size} / 4 then 'old' end)::tsvector
  from (
    select n, date_trunc('milliseconds', now() - interval '400 days' + n * interval '400 days' / ${size}) as at from generate_series(1, ${size}) n
  ) numbered;
  vacuum analyze security_events`;

interface Known {
  readonly n: number;
  readonly type: SecurityEventType;
  readonly at: Date;
}

let harness: Harness;
let known: Known[];
const sql = () => harness.app.services.database.sql;
beforeAll(async () => {
  harness = await Harness.start();
  await allPublished(harness);
  for (const statement of ['truncate security_events', ...fill.split(';')]) await sql().rows(statement);
  known = await sql().rows<Known>(
    'select e.sequence::int as n, e.type, e.occurred_at as at from security_events e order by e.sequence',
  );
}, 120_000);

const ago = (time: number) => new Date(Date.now() - time);
const listed = async (filter: EventFilter, page: PageRequest) =>
  (await listEvents(asSystem(harness.app.services), filter, page)).edges.map(({ node }) => Number(node.sequence));

const wordsAt = (n: number) => ['common', n % 4000 === 0 ? 'rare' : '', n % 2 === 0 && n < size / 4 ? 'old' : ''];
const hasText = (n: number, text: string) =>
  text.split(' ').every((beginning) => wordsAt(n).some((word) => word.startsWith(beginning)));

const matches =
  ({ types, actorId, subjectId, sessionId, ipAddress, text, since, until }: EventFilter) =>
  ({ n, type, at }: Known) =>
    (!types || types.includes(type)) &&
    (!actorId || (n % 2 === 1 && idOf(n % 100) === actorId)) &&
    (!subjectId || idOf(n % 100) === subjectId) &&
    (!sessionId || idOf(n % 500) === sessionId) &&
    (!ipAddress || `10.0.0.${n % 50}` === ipAddress) &&
    (text == null || hasText(n, text)) &&
    (!since || at >= since) &&
    (!until || at < until);

const instant = fc.integer({ min: 0, max: 410 * 24 }).map((age) => ago(hours(age)));
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null, freq: 2 });
const filters: fc.Arbitrary<EventFilter> = fc.record({
  types: maybe(fc.subarray([SecurityEventType.LOGIN_FAILED, SecurityEventType.ROLE_UPDATED, SecurityEventType.LOGOUT])),
  actorId: maybe(fc.nat(101).map(idOf)),
  subjectId: maybe(fc.nat(101).map(idOf)),
  sessionId: maybe(fc.nat(501).map(idOf)),
  ipAddress: maybe(fc.nat(51).map((n) => `10.0.0.${n}`)),
  text: maybe(fc.constantFrom('common', 'com', 'rare', 'old', 'old rare', 'absent')),
  since: maybe(instant),
  until: maybe(instant),
});

test('lists and counts tell what the filter says, whatever the filter', async () => {
  await seeded(
    fc.asyncProperty(filters, fc.boolean(), fc.nat(size), fc.nat(300), async (filter, backward, place, offset) => {
      const all = known.filter(matches(filter)).map(({ n }) => n);
      const page = backward ? { last: 50 } : { first: 50 };
      expect(await listed(filter, page)).toEqual(backward ? all.slice(-50) : all.slice(0, 50));
      const cursor = encodeCursor({ value: String(place), id: idOf(0) });
      if (backward) {
        const before = all.filter((n) => n < place);
        expect(await listed(filter, { last: 50, before: cursor })).toEqual(before.slice(-50));
      } else {
        const behind = all.filter((n) => n > place);
        expect(await listed(filter, { first: 50, after: cursor, offset })).toEqual(behind.slice(offset, offset + 50));
      }
      const { count, isEstimate } = await countEvents(sql(), filter);
      if (isEstimate) expect(Math.min(count, all.length)).toBeGreaterThan(10_000);
      else expect(count).toBe(all.length);
    }),
    150,
  );
});

interface Plan {
  readonly 'Node Type': string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}
const leavesOf = (plan: Plan): Plan[] => (plan.Plans ? plan.Plans.flatMap(leavesOf) : [plan]);

/** What a statement has found is in memory. */
const isOfTable = (leaf: Plan) => leaf['Node Type'] !== 'CTE Scan';

/** The services with a database of their own that records what is asked, so that statements of jobs are not among it. */
function recording() {
  const { services } = harness.app;
  const calls: Parameters<Sql['rows']>[] = [];
  const rows: Sql['rows'] = (...call) => {
    calls.push(call);
    return sql().rows(...call);
  };
  const own: Sql = Object.create(sql(), { rows: { value: rows } });
  const database = Object.create(services.database, { sql: { value: own } });
  return { services: Object.create(services, { database: { value: database } }) as typeof services, calls };
}

/** Rows that all statements of a list read. */
async function rowsRead(filter: EventFilter, page: PageRequest): Promise<number> {
  const { services, calls } = recording();
  await listEvents(asSystem(services), filter, page);
  expect(calls).not.toEqual([]);
  let read = 0;
  for (const [text, values] of calls) {
    const [answer] = await sql().rows<{ 'QUERY PLAN': { Plan: Plan }[] }>(
      `explain (analyze, format json) ${text}`,
      values,
    );
    for (const leaf of leavesOf(answer?.['QUERY PLAN'][0]?.Plan as Plan).filter(isOfTable))
      read += leaf['Actual Loops'] * (leaf['Actual Rows'] + (leaf['Rows Removed by Filter'] ?? 0));
  }
  return read;
}

test.each<[string, () => EventFilter]>([
  ['no filter', () => ({})],
  ['the last hour', () => ({ since: ago(hours(1)) })],
  ['until 300 days ago', () => ({ until: ago(days(300)) })],
  ['one day of half a year ago', () => ({ since: ago(days(180)), until: ago(days(179)) })],
  ['a rare type', () => ({ types: [SecurityEventType.ROLE_UPDATED] })],
  ['a type that never happened', () => ({ types: [SecurityEventType.ROLE_DELETED] })],
  ['an actor', () => ({ actorId: idOf(7) })],
  ['a subject in the last day', () => ({ subjectId: idOf(7), since: ago(days(1)) })],
  ['a session', () => ({ sessionId: idOf(7) })],
  ['an address', () => ({ ipAddress: '10.0.0.7' })],
  ['an address that is not there', () => ({ ipAddress: '10.9.9.9' })],
])('of %s, a page reads little more than its rows, wherever it lies', async (_what, filter) => {
  for (const page of [{ first: 20 }, { last: 20 }]) expect(await rowsRead(filter(), page)).toBeLessThan(400);
});

/** A search reads its first two stretches in order, and what the index of a month finds; so much however many months there are. */
const searched = 256 * (1 + 8) + size / 14;

test.each<[string, () => EventFilter]>([
  ['a word that all have', () => ({ text: 'common' })],
  ['a rare word', () => ({ text: 'rare' })],
  ['the beginning of a rare word', () => ({ text: 'rar' })],
  ['a word that none has', () => ({ text: 'absent' })],
  ['a common and a rare word', () => ({ text: 'common rare' })],
  ['a rare word of half a year ago', () => ({ text: 'rare', until: ago(days(180)) })],
  ['a common word of an actor', () => ({ text: 'common', actorId: idOf(7) })],
])('of %s, a page reads some of the newest and its own rows', async (_what, filter) => {
  for (const page of [{ first: 20 }, { last: 20 }]) expect(await rowsRead(filter(), page)).toBeLessThan(searched);
});

test('of two conditions, the values decide which index serves, however often the list is read', async () => {
  const sent = jest.spyOn(sql(), 'rows');
  const filter = { actorId: idOf(7), types: [SecurityEventType.ROLE_UPDATED] };
  await listEvents(asSystem(harness.app.services), filter, { last: 20 });
  await countEvents(sql(), filter);
  const calls = sent.mock.calls.filter(([text]) => text.includes('e.actor_id'));
  sent.mockRestore();
  expect(calls.map(([, , planning]) => planning)).toEqual(['fresh', 'fresh']);
});

test('a page of a word that only old events have reads them, and not all that has happened since', async () => {
  const old = known.filter(({ n }) => hasText(n, 'old')).length;
  expect(await rowsRead({ text: 'old' }, { last: 20 })).toBeLessThan(1.5 * old);
  expect(await rowsRead({ text: 'old' }, { first: 20 })).toBeLessThan(searched);
  expect(await countEvents(sql(), { text: 'old' })).toEqual({ count: old, isEstimate: false });
});

test('without a filter the number is exact at once, and many of a filter are estimated, which the API says', async () => {
  const admin = await harness.admin();
  const ask = async (filter: string) =>
    (await admin.ask(`{ securityEvents(first: 1 ${filter}) { totalCount totalCountIsEstimate } }`)).data[
      'securityEvents'
    ];
  const all = await ask('');
  expect(all?.['totalCountIsEstimate']).toBe(false);
  expect(all?.['totalCount']).toBeGreaterThanOrEqual(size);
  expect(await ask('filter: { types: [ROLE_UPDATED] }')).toEqual({
    totalCount: size / 2000,
    totalCountIsEstimate: false,
  });
  expect(await ask('filter: { text: "rare" }')).toEqual({ totalCount: size / 4000, totalCountIsEstimate: false });
  const common = await ask('filter: { text: "common" }');
  expect(common?.['totalCountIsEstimate']).toBe(true);
  expect(Number(common?.['totalCount'])).toBeGreaterThan(10_000);
  const many = await ask('filter: { types: [LOGIN_FAILED] }');
  expect(many?.['totalCountIsEstimate']).toBe(true);
  expect(Number(many?.['totalCount'])).toBeGreaterThan(10_000);
  expect(Number(many?.['totalCount'])).toBeLessThan(size);
});
