import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { after, days, hours, minutes } from '../../src/clock.js';
import { dropExpiredEvents } from '../../src/security-events/chain/retention.js';
import { countPublished } from '../../src/security-events/statistics/count-published.js';
import type { Client } from '../support/client.js';
import { allPublished, keepingFor } from '../support/events.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';

let harness: Harness;
let admin: Client;
beforeAll(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
  // The test itself counts, so that it knows what is counted and what is not.
  await eventually(async () => {
    const text = `delete from jobs where task = 'event-counts' and claimed_until is null returning 1`;
    return (await sql(text)).length > 0;
  });
});
afterAll(() => harness.close());

const now = () => harness.clock.now();
const count = () => countPublished(harness.app.services);
const sql = <Row>(text: string, values: readonly (string | Date)[] = []) =>
  harness.app.services.database.sql.rows<Row>(text, values);

interface Failure {
  readonly address: string;
  readonly at: Date;
  readonly type?: string;
  readonly details?: object;
}

/** Publishes failures. */
async function fail(failures: readonly Failure[]): Promise<void> {
  await sql(
    `insert into security_event_outbox (id, type, occurred_at, ip_address, details)
     select gen_random_uuid(), coalesce(e.type, 'LOGIN_FAILED'), e.at, e.address, coalesce(e.details, '{}')
     from jsonb_to_recordset($1::jsonb) e (type text, at timestamptz, address text, details jsonb)`,
    [JSON.stringify(failures)],
  );
  harness.app.services.database.noteCommit();
  await allPublished(harness);
}

const times = (length: number, make: (n: number) => Failure): Failure[] => Array.from({ length }, (_, n) => make(n));

interface Finding {
  readonly kind: string;
  readonly count: number;
  readonly isLowerBound: boolean;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly lastEvent: { readonly occurredAt: string } | null;
  readonly criteria: { readonly ipAddress: string };
}

async function found(since: Date): Promise<Finding[]> {
  const { data, codes } = await admin.ask(
    `query ($since: DateTime!) { unusualActivity(since: $since) {
       kind count isLowerBound firstAt lastAt lastEvent { occurredAt } criteria { ipAddress } } }`,
    { since },
  );
  expect(codes).toEqual([]);
  const findings = data['unusualActivity'] as unknown as Finding[];
  return findings.filter(({ kind }) => kind === 'MANY_FAILURES_FROM_ADDRESS');
}

const countsOf = (findings: readonly Finding[]) =>
  findings.map(({ criteria, count: failures }) => [criteria.ipAddress, failures]);

/** A whole hour that lies ahead of all events so far. */
function nextHour(): Date {
  harness.clock.advance(days(2));
  return new Date(Math.ceil(now().getTime() / hours(1)) * hours(1));
}

test('failures are counted once, whether the job has counted all, some or none of them', async () => {
  const hour = nextHour();
  const since = after(hour, minutes(30));
  harness.clock.advance(hours(6));
  admin = await harness.admin();
  const at = (minute: number) => after(hour, minutes(minute));
  await fail([
    // Of the first hour only the second half counts.
    ...times(19, (n) => ({ address: '192.0.2.1', at: at(n) })),
    ...times(21, (n) => ({ address: '192.0.2.1', at: at(31 + n) })),
    ...times(30, (n) => ({ address: '192.0.2.2', at: at(n) })),
    // Spread over two hours they are few.
    ...times(38, (n) => ({ address: '192.0.2.3', at: at(101 + n) })),
    { address: '192.0.2.4', at: at(200), type: 'TWO_FACTOR_FAILED', details: { count: 12 } },
    { address: '192.0.2.4', at: at(201) },
  ]);
  const expected = [
    ['192.0.2.4', 27],
    ['192.0.2.1', 22],
  ];
  const all = async () => {
    await fail([]);
    return found(since);
  };
  expect(countsOf(await all())).toEqual([['192.0.2.1', 21]]);
  await count();
  expect(countsOf(await all())).toEqual([['192.0.2.1', 21]]);
  await fail([
    { address: '192.0.2.4', at: at(203), details: { count: 14 } },
    { address: '192.0.2.1', at: at(300) },
  ]);
  const [most, next] = await all();
  expect(countsOf(await all())).toEqual(expected);
  expect(most).toMatchObject({
    isLowerBound: false,
    firstAt: at(200).toISOString(),
    lastAt: at(203).toISOString(),
    lastEvent: { occurredAt: at(203).toISOString() },
  });
  expect(next).toMatchObject({ firstAt: at(31).toISOString(), lastAt: at(300).toISOString() });
  await count();
  expect(await all()).toEqual([most, next]);
});

test('what is not counted yet since an upgrade makes numbers lower bounds', async () => {
  const hour = nextHour();
  harness.clock.advance(hours(6));
  admin = await harness.admin();
  await fail(times(25, (n) => ({ address: '192.0.2.9', at: after(hour, minutes(n)) })));
  await sql('delete from failure_counts');
  await sql('delete from event_counts');
  await sql(
    'update event_counting set counted_from = m.last - 5, counted_to = m.last - 5 from (select max(sequence) as last from security_events) m',
  );
  await fail(times(20, (n) => ({ address: '192.0.2.8', at: after(hour, minutes(n)) })));
  expect(await found(hour)).toMatchObject([{ count: 20, isLowerBound: true, criteria: { ipAddress: '192.0.2.8' } }]);
  await count();
  const findings = await found(hour);
  expect(countsOf(findings)).toEqual([
    ['192.0.2.9', 25],
    ['192.0.2.8', 20],
  ]);
  expect(findings.some(({ isLowerBound }) => isLowerBound)).toBe(false);
});

test('failures of an hour that two months have are found, and go with their month', async () => {
  const hour = new Date('2026-03-31T23:00:00Z');
  const planted = `insert into security_events (id, type, occurred_at, ip_address, details, published_at, sequence)
    select gen_random_uuid(), 'LOGIN_FAILED', $1::timestamptz + n * interval '1 minute', '192.0.2.77', '{}',
      $1::timestamptz + n * interval '2.5 minutes', n - 1000 from generate_series(1, 44) n`;
  await sql(`select gatehouse_event_partition($1), gatehouse_event_partition($1::timestamptz + interval '2 hours')`, [
    hour,
  ]);
  await sql(planted, [hour]);
  await sql('update event_counting set counted_from = 0');
  await sql('update event_counting set counted_from = counted_to');
  await sql('delete from failure_counts');
  await sql('delete from event_counts');
  await count();
  const months = await sql<{ month: string; occurrences: number }>(
    `select month, occurrences::int from failure_counts where ip_address = '192.0.2.77' order by month`,
  );
  expect(months).toEqual([
    { month: '2026_03', occurrences: 23 },
    { month: '2026_04', occurrences: 21 },
  ]);
  expect(countsOf(await found(after(hour, -hours(1))))).toContainEqual(['192.0.2.77', 44]);
  await sql(`update event_heads set sequence = 0 where kind = 'genesis' and sequence > 0`);
  expect(await dropExpiredEvents(keepingFor(harness, days(60)))).toBeGreaterThan(0);
  expect(await sql(`select 1 from failure_counts where ip_address = '192.0.2.77'`)).toEqual([]);
});
