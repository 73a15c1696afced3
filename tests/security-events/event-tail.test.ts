import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SecurityEventRow } from '../../src/security-events/event-rows.js';
import { EventTail } from '../../src/security-events/event-tail.js';
import { SecurityEventType } from '../../src/security-events/event-types.js';

const eventOf = (sequence: number, text = ''): SecurityEventRow => ({
  id: `00000000-0000-4000-8000-${String(sequence).padStart(12, '0')}`,
  sequence: String(sequence),
  type: sequence % 3 ? SecurityEventType.LOGIN_FAILED : SecurityEventType.LOGOUT,
  occurredAt: new Date(sequence),
  actorId: null,
  subjectId: null,
  sessionId: null,
  ipAddress: null,
  userAgent: null,
  requestId: null,
  details: { text },
});
const all = () => true;
const range = (from: number, count: number) => Array.from({ length: count }, (_, n) => from + n);

/** Every event that the tail gives to a reader from a position on. */
function read(tail: EventTail, position: number, matches = all as (event: SecurityEventRow) => boolean): number[] {
  const seen: number[] = [];
  for (let place = position; ; ) {
    const event = tail.next(place, matches);
    if (!event) return seen;
    place = Number(event.sequence);
    seen.push(place);
  }
}

test('a reader gets every event behind its position once and in order, whatever is dropped before it', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(7), { maxLength: 30 }), fc.integer({ min: 1, max: 20 }), (batches, events) => {
      const tail = new EventTail(100, { events, bytes: 1024 ** 2 });
      let head = 100;
      for (const size of batches) {
        tail.append(range(head + 1, size).map((sequence) => eventOf(sequence)));
        head += size;
        expect(tail.head).toBe(head);
        expect(tail.start).toBe(Math.max(100, head - events));
        for (let position = tail.start; position <= head; position += 1)
          expect(read(tail, position)).toEqual(range(position + 1, head - position));
        const logouts = range(tail.start + 1, head - tail.start).filter((sequence) => sequence % 3 === 0);
        expect(read(tail, tail.start, ({ type }) => type === SecurityEventType.LOGOUT)).toEqual(logouts);
      }
    }),
  );
});

test('gaps in the numbers lose nothing', () => {
  const tail = new EventTail(0, { events: 10, bytes: 1024 ** 2 });
  tail.append([3, 900, 901, 5000].map((sequence) => eventOf(sequence)));
  expect(read(tail, 0)).toEqual([3, 900, 901, 5000]);
  expect(read(tail, 450)).toEqual([900, 901, 5000]);
});

test('bytes bound it as well, and the newest event stays', () => {
  const tail = new EventTail(0, { events: 1000, bytes: 100_000 });
  tail.append(range(1, 100).map((sequence) => eventOf(sequence, 'x'.repeat(5000))));
  expect(tail.size.bytes).toBeLessThanOrEqual(100_000);
  expect(tail.size.events).toBeGreaterThan(5);
  tail.append([eventOf(101, 'x'.repeat(200_000))]);
  expect(read(tail, tail.start)).toEqual([101]);
});
