import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { days } from '../../src/clock.js';
import { dropExpiredEvents } from '../../src/security-events/chain/retention.js';
import { verifyPart } from '../../src/security-events/chain/verify-part.js';
import { verifySteadily } from '../../src/security-events/chain/verify-steadily.js';
import { beginning } from '../../src/security-events/chain/walk-page.js';
import type { Client, Json } from '../support/client.js';
import { run } from '../support/command.js';
import { allPublished, keepingFor, publish, withoutVerification, writeEvent } from '../support/events.js';
import { Harness } from '../support/harness.js';

let harness: Harness;
let admin: Client;
beforeEach(async () => {
  harness = await Harness.start();
  await withoutVerification(harness);
  admin = await harness.admin();
  await publish(harness, 5);
});
afterEach(() => harness.close());

const sql = (text: string, values: string[] = []) =>
  harness.app.services.database.sql.rows<Record<string, string>>(text, values);
const verify = () => verifySteadily(harness.app.services);
const alter = (sequence: number) =>
  sql(`update security_events set details = '{"mark": 99}' where sequence = $1`, [String(sequence)]);
const newest = async () => Number((await sql('select max(sequence)::text as n from security_events'))[0]?.['n']);
const faults = () =>
  harness.logged
    .filter((line) => line.includes('tampered'))
    .map((line) => JSON.parse(line) as { level: number; fault: string; sequence: string; eventId?: string });

async function write(count: number): Promise<void> {
  for (let mark = 0; mark < count; mark += 1) await sql(writeEvent, [JSON.stringify({ mark })]);
  await allPublished(harness);
}

/** The next walk along the whole record is due; sessions have ended. */
async function nextDay(): Promise<void> {
  harness.clock.advance(days(1));
  admin = await harness.admin();
  await allPublished(harness);
}

async function status(): Promise<Json> {
  const fields = 'isIntact verified fault faultAt lastEvent { id } verifiedAt wholeVerifiedAt';
  const { data } = await admin.ask(`{ securityEventVerification { ${fields} } }`);
  return data['securityEventVerification'] as Json;
}

const command = (args: string[]) => {
  const { dataDir, appSecret } = harness.app.services.config;
  return run(args, { DATABASE_URL: harness.databaseUrl, DATA_DIR: dataDir, APP_SECRET: String(appSecret) });
};

test('the whole record is verified once, and from then on what is new', async () => {
  expect(await status()).toBeNull();
  await verify();
  const first = await status();
  expect(first).toMatchObject({ isIntact: true, fault: null, faultAt: null, verified: await newest() });
  expect(first['wholeVerifiedAt']).toEqual(expect.any(String));
  await write(3);
  await verify();
  const [row] = await sql('select id from security_events order by sequence desc limit 1');
  const { wholeVerifiedAt } = first;
  expect(await status()).toMatchObject({ verified: await newest(), wholeVerifiedAt, lastEvent: { id: row?.['id'] } });
  expect(faults()).toEqual([]);
});

test('an old event that is altered later is found by the next walk, and the fault stays until the command is run', async () => {
  await verify();
  const [before] = await sql('select details::text from security_events where sequence = 3');
  await alter(3);
  await verify();
  expect(await status()).toMatchObject({ isIntact: true });
  await nextDay();
  await verify();
  const found = { isIntact: false, fault: 'ALTERED', faultAt: '3', verified: 2 };
  expect(await status()).toMatchObject(found);
  const [row] = await sql('select id from security_events where sequence = 3');
  expect(faults()).toEqual([
    expect.objectContaining({ level: 50, fault: 'ALTERED', sequence: '3', eventId: row?.['id'] }),
  ]);

  // What fits later does not hide it, nor does another fault.
  await write(2);
  await verify();
  await sql('update security_events set details = $1 where sequence = 3', [String(before?.['details'])]);
  await write(1);
  await alter(await newest());
  await verify();
  expect(await status()).toMatchObject(found);
  expect(faults().map(({ sequence }) => Number(sequence))).toEqual([3, await newest()]);

  // The third was put right; the command finds the other one.
  const last = await newest();
  expect(await command(['events', 'verify'])).toMatchObject({ code: 1 });
  expect(await status()).toMatchObject({ isIntact: false, fault: 'ALTERED', faultAt: String(last) });
  await sql(`update security_events set details = '{"mark": 0}' where sequence = $1`, [String(last)]);
  expect(await command(['events', 'verify'])).toMatchObject({ code: 0 });
  expect(await status()).toMatchObject({ isIntact: true, fault: null, verified: last });
});

test('the task runs by itself as a command', async () => {
  await verify();
  await write(1);
  await alter(await newest());
  const { code, stdout } = await command(['jobs', 'run', 'event-verification']);
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/ERROR: .*tampered[\s\S]*event-verification: 1 done, 0 failed\.\n$/),
  ]);
  expect(await status()).toMatchObject({ isIntact: false, faultAt: String(await newest()) });
});

test('what is altered soon after its publication is found by the next run; those behind it are verified again', async () => {
  await verify();
  await write(1);
  const first = await newest();
  await alter(first);
  await verify();
  await verify();
  await write(1);
  await verify();
  await write(1);
  await alter(await newest());
  await verify();
  expect(faults().map(({ fault, sequence }) => [fault, Number(sequence)])).toEqual([
    ['ALTERED', first],
    ['ALTERED', first + 2],
  ]);
  expect(await status()).toMatchObject({ fault: 'ALTERED', faultAt: String(first) });
});

test.each([
  ['cut off', '', 'TRUNCATED'],
  ['cut off, and new ones published', 'and new', 'REPLACED'],
])('an end that is %s is found, although its heads are gone too', async (_what, isNew, kind) => {
  await verify();
  const end = await newest();
  await sql('delete from security_events where sequence > $1', [String(end - 2)]);
  await sql('delete from event_heads where sequence > $1', [String(end - 2)]);
  if (isNew) await write(4);
  await verify();
  expect(faults().map(({ fault, sequence }) => [fault, Number(sequence)])).toEqual([[kind, isNew ? end : end - 1]]);
  await verify();
  expect(faults()).toHaveLength(1);
});

test('a walk that somebody has moved begins anew', async () => {
  await verify();
  await alter(2);
  await sql(`update event_walks set state = replace(state, '"isOver":true', '"isOver":false') where name = 'whole'`);
  await verify();
  expect(await status()).toMatchObject({ isIntact: false, faultAt: '2' });
});

test('a restored database is no fault', async () => {
  const tables = ['security_events', 'event_heads', 'event_walks', 'event_verifications'];
  await verify();
  for (const table of tables) await sql(`create table kept_${table} as select * from ${table}`);
  await write(5);
  await verify();
  await harness.app.services.database.transaction(async (tx) => {
    for (const table of tables) {
      await tx.rows(`delete from ${table}`);
      const into = table === 'event_verifications' ? `${table} (verified_at, report)` : table;
      const columns = table === 'event_verifications' ? 'verified_at, report' : '*';
      await tx.rows(`insert into ${into} select ${columns} from kept_${table}`);
    }
  });
  await write(2);
  await verify();
  await nextDay();
  await verify();
  expect(faults()).toEqual([]);
  expect(await status()).toMatchObject({ isIntact: true, verified: await newest() });
});

test('each part is bounded, and a month may be dropped between two', async () => {
  const { services } = harness.app;
  await sql(`insert into security_event_outbox (id, type, occurred_at, details)
    select gen_random_uuid(), 'LOGIN_FAILED', now(), '{}' from generate_series(1, 1500)`);
  await allPublished(harness);
  const instant = harness.clock.now().toISOString();
  const state = {
    ...{ begunAt: instant, checkedAt: instant, place: beginning, hash: '' },
    ...{ verified: 0, uncovered: 0, isOver: false, intact: null },
  };
  const part = await verifyPart(services, state, true);
  expect(part).toMatchObject({ fault: null, isLast: false, state: { verified: 1000 } });
  harness.clock.advance(days(100));
  await write(3);
  await dropExpiredEvents(keepingFor(harness, days(30)));
  const rest = await verifyPart(services, part.state, true);
  expect(rest).toMatchObject({ fault: null, isLast: true });
  expect(rest.state.place.sequence).toBe(String(await newest()));
  await verify();
  expect(faults()).toEqual([]);
});
