import { describe, expect, test } from '@jest/globals';
import { SecurityEventType } from '../../src/security-events/event-types.js';
import type { EventRow } from '../../src/security-events/record.js';
import { RefusalWindow, refusalBounds } from '../../src/security-events/refusal-window.js';

const event = (key: string, at: number, details: Record<string, unknown> = {}): EventRow => ({
  type: SecurityEventType.PERMISSION_DENIED,
  occurredAt: new Date(at),
  actorId: key,
  subjectId: null,
  sessionId: 'a session',
  ipAddress: `192.0.2.${at % 3}`,
  userAgent: 'an agent',
  requestId: 'a request',
  details: { field: `Query.${at % 20}`, needs: ['user:read'], ...details },
});

/** Adds as many refusals of as many keys. @returns what is written singly, and the sums */
function flood(count: number, keys: number) {
  const window = new RefusalWindow();
  const all = Array.from({ length: count }, (_, at) => event(`key ${at % keys}`, at));
  const singles = all.filter((one) => window.add(one, String(one.actorId)));
  const sums = window.sumsAsEvents();
  return { singles, sums, total: sums.reduce((sum, { details }) => sum + Number(details['count']), singles.length) };
}

describe('10,000 refusals make few events, whose counts add up', () => {
  test.each([
    [1, 5, 1],
    [10, 50, 10],
    [200, refusalBounds.singles, 200],
    [1000, 250, refusalBounds.keys + 1],
    [10_000, refusalBounds.keys, refusalBounds.keys + 1],
  ])('of %i callers: %i and %i', (keys, singly, inSums) => {
    const { singles, sums, total } = flood(10_000, keys);
    expect([singles.length, sums.length, total]).toEqual([singly, inSums, 10_000]);
  });
});

test('a sum tells the caller, the span, the fields and what all have in common', () => {
  const window = new RefusalWindow();
  for (let at = 0; at < 30; at += 1) window.add(event('one', at, { odd: at % 2 }), 'one');
  expect(window.sumsAsEvents()).toEqual([
    {
      type: 'PERMISSION_DENIED',
      occurredAt: new Date(29),
      actorId: 'one',
      subjectId: null,
      sessionId: null,
      ipAddress: null,
      userAgent: null,
      requestId: null,
      details: {
        needs: ['user:read'],
        fields: [5, 6, 7, 8, 9, 10, 11, 12, 13, 14].map((field) => `Query.${field}`),
        count: 25,
        since: new Date(5).toISOString(),
        until: new Date(29).toISOString(),
      },
    },
  ]);
});

test('the sum of all beyond the number of keys names nobody', () => {
  const others = flood(10_000, 5000).sums.at(-1);
  expect(others).toMatchObject({ actorId: null, subjectId: null, ipAddress: null, details: { needs: ['user:read'] } });
});
