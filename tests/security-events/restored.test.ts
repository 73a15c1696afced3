import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { after, days } from '../../src/clock.js';
import { dropExpiredEvents } from '../../src/security-events/chain/retention.js';
import { verifyChain } from '../../src/security-events/chain/verify-chain.js';
import { EventFeed } from '../../src/security-events/event-feed.js';
import { cursorOf, type SecurityEventRow } from '../../src/security-events/event-rows.js';
import { SecurityEventType } from '../../src/security-events/event-types.js';
import { type Following, followEvents } from '../../src/security-events/follow-events.js';
import { allPublished, keepingFor, publish, writeEvent } from '../support/events.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';

const { LOGIN_FAILED } = SecurityEventType;
let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
  await publish(harness, 20);
});
afterAll(() => harness.close());

const sql = (of: Harness) => of.app.services.database.sql;
const table = (of: Harness) => sql(of).rows<SecurityEventRow>('select * from security_events e order by e.sequence');
const placeOf = (event: SecurityEventRow | undefined): string => cursorOf(event as SecurityEventRow);

async function write(of: Harness, count: number): Promise<void> {
  for (let mark = 0; mark < count; mark += 1) await sql(of).rows(writeEvent, ['{}']);
  await allPublished(of);
}

function follow(of: Harness, cursor: string | null, services = of.app.services) {
  const following: Following = {
    services,
    caller: null,
    // Not those of jobs.
    filter: { types: [LOGIN_FAILED] },
    after: cursor,
    mayGoOn: () => true,
  };
  const stream = followEvents(following);
  const seen: string[] = [];
  const ended = (async () => {
    for await (const { id } of stream) seen.push(id);
  })().catch(({ code }: { code?: string }) => code);
  return { seen, ended, stop: () => stream.return?.() };
}

/** Puts the tables back to the state in which `published` was the newest event, as a restored backup does. */
const restoreTo = (of: Harness, published: number): Promise<void> =>
  of.app.services.database.transaction(async (tx) => {
    await tx.rows('delete from security_events where sequence > $1', [String(published)]);
    await tx.rows('delete from event_heads where sequence > $1', [String(published)]);
  });

test('streams and cursors that are ahead of a restored database end; those behind it go on', async () => {
  const backup = await table(harness);
  const newest = Number(backup.at(-1)?.sequence);
  const idle = follow(harness, null);
  const live = follow(harness, placeOf(backup.at(-1)));
  await write(harness, 5);
  await eventually(() => live.seen.length === 5);
  const lost = (await table(harness)).slice(-5);
  const behind = followEvents({
    services: harness.app.services,
    caller: null,
    filter: null,
    after: placeOf(backup.at(-3)),
    mayGoOn: () => true,
  });
  expect((await behind.next()).value?.id).toBe(backup.at(-2)?.id);

  await restoreTo(harness, newest);
  const early = follow(harness, placeOf(lost[0]));
  expect(await early.ended).toBe('CURSOR_EXPIRED');
  expect(await live.ended).toBe('CURSOR_EXPIRED');
  expect(await idle.ended).toBe('CURSOR_EXPIRED');
  expect(harness.logged.join('')).toContain('it was restored');

  // As many as are lost, with the same numbers, and one more.
  const kept = follow(harness, placeOf(backup.at(-1)));
  await write(harness, 6);
  const again = (await table(harness)).slice(-6);
  expect(again[0]?.sequence).toBe(lost[0]?.sequence);
  await eventually(() => kept.seen.length === 6);
  expect(kept.seen).toEqual(again.map(({ id }) => id));
  for (const event of lost) expect(await follow(harness, placeOf(event)).ended).toBe('CURSOR_EXPIRED');
  const rest: (string | undefined)[] = [];
  while (rest.length < 7) rest.push((await behind.next()).value?.id);
  expect(rest).toEqual([backup.at(-1), ...again].map((event) => event?.id));
  await behind.return?.();
  await kept.stop();
});

test('a restored database that has passed the old numbers before anyone looked is noticed too', async () => {
  const newest = Number((await table(harness)).at(-1)?.sequence);
  const live = follow(harness, null);
  await eventually(() => harness.app.services.eventFeed.current);
  await write(harness, 3);
  await eventually(() => live.seen.length === 3);
  await harness.app.services.database.transaction(async (tx) => {
    await tx.rows('delete from security_events where sequence > $1', [String(newest)]);
    // Unlike the service, without a signal: as while it was not connected.
    await tx.rows(
      `insert into security_events (sequence, id, type, occurred_at, details)
       select $1::bigint + n, gen_random_uuid(), 'LOGOUT', now(), '{}' from generate_series(1, 9) n`,
      [String(newest)],
    );
  });
  await harness.app.services.eventFeed.refresh();
  expect(await live.ended).toBe('CURSOR_EXPIRED');
  expect(live.seen).toHaveLength(3);
});

test('heads are signed in a restored database before it has reached the old numbers', async () => {
  const own = await Harness.start();
  await publish(own, 5);
  await restoreTo(own, 2);
  // Waits for the head.
  await publish(own, 1);
  expect((await verifyChain(own.app.services)).fault).toBeNull();
  await own.close();
});

test('a cursor from before a record that has expired as a whole is refused, its last is not', async () => {
  const own = await Harness.start();
  await publish(own, 5);
  const all = await table(own);
  // As in another process, whose memory outlives the table.
  const other = { ...own.app.services, eventFeed: new EventFeed(own.app.services) };
  const waiting = follow(own, placeOf(all.at(-1)), other);
  await eventually(() => other.eventFeed.current);
  const later = { now: () => after(own.clock.now(), days(100)) };
  await dropExpiredEvents({ ...keepingFor(own, days(30)), clock: later });
  expect(await table(own)).toEqual([]);
  expect(await follow(own, placeOf(all.at(-2))).ended).toBe('CURSOR_EXPIRED');
  const last = follow(own, placeOf(all.at(-1)));
  const anew = follow(own, null);
  for (const { eventFeed } of [own.app.services, other]) await eventFeed.refresh();
  await write(own, 2);
  const ids = (await table(own)).filter(({ type }) => type === LOGIN_FAILED).map(({ id }) => id);
  for (const { seen, stop } of [waiting, last, anew]) {
    await eventually(() => seen.length === 2);
    expect(seen).toEqual(ids);
    await stop();
  }
  expect(own.logged.join('')).not.toContain('it was restored');
  expect(await follow(own, placeOf(all.at(-2))).ended).toBe('CURSOR_EXPIRED');
  await own.close();
});
