import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { days } from '../../src/clock.js';
import type { ChainFault } from '../../src/security-events/chain/chain-walk.js';
import { dropExpiredEvents } from '../../src/security-events/chain/retention.js';
import { verifyChain } from '../../src/security-events/chain/verify-chain.js';
import { run } from '../support/command.js';
import { allPublished, keepingFor, publish, withoutVerification, writeEvent } from '../support/events.js';
import { Harness } from '../support/harness.js';

const events = 30;
let harness: Harness;
let stranger: Harness;
beforeAll(async () => {
  [harness, stranger] = [await Harness.start(), await Harness.start()];
  for (const one of [harness, stranger]) {
    await withoutVerification(one);
    await publish(one, events);
    await sql(one)('create table kept_events as select * from security_events');
    await sql(one)('create table kept_heads as select * from event_heads');
  }
});

afterEach(async () => {
  const run = sql(harness);
  // The clock of this process is ahead of that of the command.
  await run('delete from event_verifications');
  for (const [table, kept] of [
    ['security_events', 'kept_events'],
    ['event_heads', 'kept_heads'],
  ]) {
    await run(`delete from ${table}`);
    await run(`insert into ${table} select * from ${kept}`);
  }
});

const sql =
  ({ app }: Harness) =>
  (text: string, values: (string | Buffer)[] = []) =>
    app.services.database.sql.rows<Record<string, unknown>>(text, values);
const faultIn = async (kept: string[] = []): Promise<ChainFault | null> =>
  (await verifyChain(harness.app.services, kept)).fault;
const at = (kind: ChainFault['kind'], sequence: number): ChainFault => ({ kind, sequence: String(sequence) });

const columns =
  'id, position, type, occurred_at, actor_id, subject_id, session_id, ip_address, user_agent, request_id, details, published_at';
const shift = (from: number, by: number) =>
  `update security_events set sequence = -(sequence + ${by}) where sequence >= ${from};
   update security_events set sequence = -sequence where sequence < 0`;
const swap = (one: number, other: number) =>
  `update security_events e set (${columns}, hash) = (
     select ${columns}, hash from kept_events k where k.sequence = case e.sequence when ${one} then ${other} else ${one} end
   ) where e.sequence in (${one}, ${other})`;
const copied = (sequence: number, number: string) =>
  `insert into security_events (sequence, hash, ${columns}) select ${number}, hash, ${columns} from kept_events where sequence = ${sequence}`;

async function many(statements: string): Promise<void> {
  for (const statement of statements.split(';')) await sql(harness)(statement);
}

test('what was left alone is verified, from the first event to the last', async () => {
  const { sequence } = (await sql(harness)('select max(sequence)::text as sequence from security_events'))[0] ?? {};
  expect(Number(sequence)).toBeGreaterThan(events);
  expect(await verifyChain(harness.app.services)).toEqual({
    from: '1',
    to: sequence,
    verified: Number(sequence),
    uncovered: 0,
    heads: 1,
    fault: null,
  });
});

test.each<[string, string, ChainFault]>([
  ['a detail altered', `update security_events set details = '{"mark": 99}' where sequence = 12`, at('ALTERED', 12)],
  ['a type altered', `update security_events set type = 'LOGOUT' where sequence = 1`, at('ALTERED', 1)],
  [
    'an instant moved by a microsecond',
    `update security_events set occurred_at = occurred_at + interval '1 microsecond' where sequence = 9`,
    at('ALTERED', 9),
  ],
  [
    'the instant of publication moved',
    `update security_events set published_at = published_at - interval '1 millisecond' where sequence = 9`,
    at('ALTERED', 9),
  ],
  ['an address added', `update security_events set ip_address = '203.0.113.1' where sequence = 1`, at('ALTERED', 1)],
  ['an actor added', 'update security_events set actor_id = gen_random_uuid() where sequence = 2', at('ALTERED', 2)],
  ['a hash removed', 'update security_events set hash = null where sequence = 12', at('ALTERED', 12)],
  ['the last hash removed', 'update security_events set hash = null where sequence = 20', at('ALTERED', 20)],
  ['deleted', 'delete from security_events where sequence = 12', at('MISSING', 12)],
  ['the first deleted', 'delete from security_events where sequence = 1', at('MISSING', 1)],
  [
    'deleted, and the rest renumbered',
    `delete from security_events where sequence = 12; ${shift(13, -1)}`,
    at('MISSING', 12),
  ],
  [
    'inserted under a number that is taken',
    copied(3, '12').replace(/published_at from/, `published_at + interval '1 minute' from`),
    at('INSERTED', 12),
  ],
  ['inserted, and the rest renumbered', `${shift(12, 1)}; ${copied(3, '12')}`, at('INSERTED', 12)],
  ['inserted before the first', copied(3, '0'), at('INSERTED', 0)],
  ['inserted with a negative number', copied(3, '-5'), at('INSERTED', -5)],
  [
    'inserted as if from before the chain',
    copied(3, '0').replace('select 0, hash,', 'select 0, null,'),
    at('INSERTED', 0),
  ],
  [
    'a head said to be signed later',
    `update event_heads set signed_at = '2099-01-01Z' where kind = 'interval'`,
    at('HEADS', 0),
  ],
  ['two neighbours swapped', swap(12, 13), at('REORDERED', 12)],
  ['two far apart swapped', swap(5, 25), at('REORDERED', 5)],
  ['the end cut off', 'delete from security_events where sequence > 20', at('TRUNCATED', 21)],
  ['everything deleted', 'delete from security_events', at('TRUNCATED', 1)],
  ['the first head removed', `delete from event_heads where kind = 'genesis'`, at('HEADS', 0)],
  ['a head moved', `update event_heads set sequence = 5 where kind = 'interval'`, at('HEADS', 0)],
  ['a head of another hash', `update event_heads set hash = '\\x00' where kind = 'interval'`, at('HEADS', 0)],
])('%s', async (_what, statements, fault) => {
  await many(statements);
  expect(await faultIn()).toEqual(fault);
});

test('hashed again without the key, from the altered event to the end', async () => {
  const { EventChain, chainedContent } = await import('../../src/security-events/chain/event-chain.js');
  const { SecretBox } = await import('../../src/secrets.js');
  const forger = new EventChain(new SecretBox('what somebody without APP_SECRET has to make do with'));
  await many(`update security_events set details = '{"mark": 99}' where sequence = 12`);
  const rows = await sql(harness)(
    `select e.sequence::text, ${chainedContent('e', 'e.published_at')} as content from security_events e where sequence >= 12 order by e.sequence`,
  );
  let previous = (await sql(harness)('select hash from security_events where sequence = 11'))[0]?.['hash'] as Buffer;
  for (const { sequence, content } of rows) {
    previous = forger.link(previous, String(sequence), String(content));
    await sql(harness)('update security_events set hash = $1 where sequence = $2', [previous, String(sequence)]);
  }
  expect(await faultIn()).toEqual(at('ALTERED', 12));
});

test('rows of another database with the same secret are not taken', async () => {
  const { rows } = { rows: await sql(stranger)('select row_to_json(e)::text as row from security_events e') };
  await sql(harness)('delete from security_events');
  for (const { row } of rows)
    await sql(harness)(
      'insert into security_events select * from json_populate_record(null::security_events, $1::json)',
      [String(row)],
    );
  expect(await faultIn()).toEqual(at('ALTERED', 1));
});

test('a new chain in place of the old one is told by the heads that were kept elsewhere', async () => {
  const file = join(harness.app.services.config.dataDir, 'event-heads');
  const kept = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  expect(await faultIn(kept)).toBeNull();
  // With everything deleted, heads too, the next event begins a chain that fits in itself.
  await many('delete from security_events; delete from event_heads');
  for (let mark = 0; mark < 3; mark += 1) await sql(harness)(writeEvent, ['{}']);
  await allPublished(harness);
  expect(await faultIn()).toBeNull();
  expect(await faultIn(kept)).toEqual(at('TRUNCATED', 4));
  await many('delete from event_heads');
  expect(await faultIn(kept)).toEqual(at('HEADS', 0));
});

test('events made up in place of the old ones, as if from before the chain, are told by heads that were kept', async () => {
  const kept = (await readFile(join(harness.app.services.config.dataDir, 'event-heads'), 'utf8'))
    .split('\n')
    .filter((line) => line !== '');
  await many('delete from event_heads; update security_events set hash = null');
  await sql(harness)(writeEvent, ['{}']);
  await allPublished(harness);
  expect(await faultIn()).toBeNull();
  expect(await faultIn(kept)).toEqual(at('HEADS', 0));
});

test('what is put into a month that is over is not confirmed when the month is dropped', async () => {
  const own = await Harness.start();
  const run = sql(own);
  await publish(own, 5);
  own.clock.advance(days(100));
  await run(writeEvent, ['{}']);
  await allPublished(own);
  // The newest event, to be found at the end of the oldest month; dropped with it, everything before would be gone for good.
  await run(`insert into security_events (sequence, hash, ${columns})
    select e.sequence, e.hash, ${columns.replace('published_at', "(select max(o.published_at) + interval '1 second' from security_events o where o.sequence <= 5)")}
    from security_events e order by e.sequence desc limit 1`);
  await expect(dropExpiredEvents(keepingFor(own, days(30)))).rejects.toThrow('month of security events');
  expect((await verifyChain(own.app.services)).fault).not.toBeNull();
  await own.close();
});

test('heads of another service are not believed', async () => {
  const file = join(stranger.app.services.config.dataDir, 'event-heads');
  const kept = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  expect((await faultIn(kept))?.kind).toBe('REPLACED');
  expect(await faultIn(['nonsense'])).toEqual(at('HEADS', 0));
  const [header, payload, signature] = String(kept[0]).split('.');
  const forged = Buffer.from(
    String(Buffer.from(String(payload), 'base64url')).replace('"sequence":"', '"sequence":"9'),
  ).toString('base64url');
  expect(await faultIn([[header, forged, signature].join('.')])).toEqual(at('HEADS', 0));
});

test('administrators read what the last verification found, and the command names the fault', async () => {
  const admin = await harness.admin();
  const ask = async () =>
    (
      await admin.ask(
        '{ securityEventVerification { isIntact verified uncovered fault faultAt lastEvent { type } verifiedAt } }',
      )
    ).data['securityEventVerification'];
  const { databaseUrl } = harness;
  const { dataDir, appSecret } = harness.app.services.config;
  const verify = () =>
    run(['events', 'verify', '--heads', join(dataDir, 'event-heads')], {
      DATABASE_URL: databaseUrl,
      DATA_DIR: dataDir,
      APP_SECRET: String(appSecret),
    });
  const { code, stdout } = await verify();
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/^\d+ events were verified, from 1 to \d+\. \d+ signed heads agree\.\n$/),
  ]);
  expect(await ask()).toMatchObject({ isIntact: true, fault: null, faultAt: null, uncovered: 0 });
  await many('delete from security_events where sequence = 12');
  expect(await verify()).toMatchObject({ code: 1, stderr: 'gatehouse: event 12 is missing.\n' });
  expect(await ask()).toMatchObject({
    isIntact: false,
    verified: 11,
    fault: 'MISSING',
    faultAt: '12',
    lastEvent: { type: 'LOGIN_FAILED' },
  });
});
