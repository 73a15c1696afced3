import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SecurityEventRow } from '../../src/security-events/event-rows.js';
import { SecurityEventType } from '../../src/security-events/event-types.js';
import { followEvents } from '../../src/security-events/follow-events.js';
import { allPublished, writeEvent } from '../support/events.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
  await allPublished(harness);
});
afterAll(() => harness.close());

const sql = () => harness.app.services.database.sql;
const write = (mark: number) => sql().rows(writeEvent, [JSON.stringify({ mark })]);
const markOf = ({ details }: SecurityEventRow): unknown => (details as { mark?: unknown }).mark;

/** A stream of failed logins; not of what jobs do. */
function follow(mayGoOn: () => boolean | Promise<boolean> = () => true) {
  const filter = { types: [SecurityEventType.LOGIN_FAILED] };
  return followEvents({ services: harness.app.services, caller: null, filter, after: null, mayGoOn });
}

/** Takes each event at once, unless it is refused. */
function taking(stream: ReturnType<typeof follow>, refuses: (mark: unknown) => boolean = () => false) {
  const taken: unknown[] = [];
  stream.onEvent((event) => {
    if (refuses(markOf(event))) return false;
    taken.push(markOf(event));
    return true;
  });
  return taken;
}

test('events are taken at once only while somebody waits for the next one', async () => {
  const { eventFeed, signals } = harness.app.services;
  const answers: ((may: boolean) => void)[] = [];
  let asks = true;
  const stream = follow(() => !asks || new Promise((resolve) => answers.push(resolve)));
  const taken = taking(stream);
  const first = stream.next();
  answers[0]?.(true);
  await eventually(() => answers.length === 2);
  // Rung while it asks, so that its wait for events ends at once, and it asks again.
  signals.announce('roles');
  answers[1]?.(true);
  await eventually(() => answers.length === 3);
  const tail = eventFeed.current;
  if (!tail) throw new Error('The feed has not begun');
  const { append } = tail;
  // The answer comes between an event and the ring about it.
  tail.append = (events) => {
    append.call(tail, events);
    if (events.some(({ type }) => type === SecurityEventType.LOGIN_FAILED)) answers[2]?.(true);
  };
  asks = false;
  await write(1);
  expect(markOf((await first).value as SecurityEventRow)).toBe(1);
  await write(2);
  await allPublished(harness);
  const head = await eventFeed.refresh();
  await eventually(() => tail.head === head.head);
  // As long as the feed takes to ring.
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  expect(taken).toEqual([]);
  expect(markOf((await stream.next()).value as SecurityEventRow)).toBe(2);
  await stream.return?.();
});

test('each event is either taken at once or returned, in order, whichever are refused', async () => {
  const stream = follow();
  const taken = taking(stream, (mark) => Number(mark) % 3 === 0);
  const told: unknown[] = [];
  const all = () => [...taken, ...told].length;
  const reading = (async () => {
    for await (const event of stream) {
      const mark = markOf(event);
      // Nothing is taken while an event that was refused is with the reader.
      const before = taken.length;
      await new Promise(setImmediate);
      expect(taken.length).toBe(before);
      told.push(mark);
    }
  })();
  await eventually(() => harness.app.services.eventFeed.current);
  for (let burst = 0; burst < 6; burst += 1) {
    const text = `insert into security_event_outbox (id, type, occurred_at, details)
      select gen_random_uuid(), 'LOGIN_FAILED', now(), jsonb_build_object('mark', $1::int + n) from generate_series(1, 20) n`;
    await sql().rows(text, [burst * 20]);
    await eventually(() => all() === (burst + 1) * 20);
  }
  const wanted = Array.from({ length: 120 }, (_, n) => n + 1);
  expect([...taken, ...told].map(Number).sort((a, b) => a - b)).toEqual(wanted);
  for (const list of [taken, told]) expect(list).toEqual([...list].map(Number).sort((a, b) => a - b));
  expect(taken.length).toBeGreaterThan(0);
  await stream.return?.();
  await reading;
});

test('an idle stream takes nothing of a restored database, and ends', async () => {
  const stream = follow();
  const taken = taking(stream);
  const ended = stream.next().then(
    () => 'an event',
    ({ code }: { code?: string }) => code,
  );
  await eventually(() => harness.app.services.eventFeed.current);
  await write(1);
  await eventually(() => taken.length === 1);
  await sql().rows('delete from security_events where sequence > (select max(sequence) - 1 from security_events)');
  // The same numbers again, and more.
  for (const mark of [2, 3, 4]) await write(mark);
  expect(await ended).toBe('CURSOR_EXPIRED');
  expect(taken).toEqual([1]);
});
