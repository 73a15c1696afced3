import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SignalledCache } from '../../src/database/signalled-cache.js';
import type { Signals } from '../../src/database/signals.js';
import { seeded } from '../support/seeded.js';

interface Entry {
  readonly group: string;
}

/** Signals that are always heard. */
function heard() {
  const listeners = new Map<string, () => void>();
  const signals = {
    isListening: true,
    hears: () => true,
    on: (topic: string, to: () => void) => listeners.set(topic, to),
  };
  return { signals: signals as unknown as Signals, send: (topic: string) => listeners.get(topic)?.() };
}

const key = fc.integer({ min: 0, max: 7 }).map((n) => `key ${n}`);
const group = fc.integer({ min: 0, max: 3 }).map((n) => `group ${n}`);
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ does: fc.constant('read' as const), key, group }) },
  fc.record({ does: fc.constant('forget' as const), key }),
  fc.record({ does: fc.constant('forgetGroup' as const), group }),
  fc.record({ does: fc.constant('forgetWhere' as const), group }),
  fc.record({ does: fc.constant('reset' as const) }),
);

test('a group that is forgotten is gone, whatever was stored, replaced and evicted before', async () => {
  await seeded(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 8 }), async (steps, max) => {
      const { signals, send } = heard();
      const groupOf = ({ group: of }: Entry) => of;
      const cache = new SignalledCache<Entry>(signals, { topics: [], bounds: { max }, groupOf });
      /** What may still be there; the bound may have evicted any of it. */
      const model = new Map<string, Entry>();
      for (const one of steps) {
        if (one.does === 'read') {
          await cache.read(async () => new Map([[one.key, { group: one.group }]]));
          model.set(one.key, { group: one.group });
        } else if (one.does === 'forget') {
          cache.forget(one.key);
          model.delete(one.key);
        } else if (one.does === 'reset') {
          send('reset');
          model.clear();
        } else {
          if (one.does === 'forgetGroup') cache.forgetGroup(one.group);
          else cache.forgetWhere((entry) => groupOf(entry) === one.group);
          for (const [of, entry] of model) if (entry.group === one.group) model.delete(of);
        }
        for (let n = 0; n < 8; n += 1) {
          const found = cache.peek(`key ${n}`);
          if (found) expect(found).toEqual(model.get(`key ${n}`));
        }
        if (one.does === 'read') expect(cache.peek(one.key)).toEqual({ group: one.group });
        if (max === 8) for (const [of, entry] of model) expect(cache.peek(of)).toEqual(entry);
      }
    }),
    500,
  );
});

test('an entry that is larger than the cache is not kept, and leaves nothing behind', async () => {
  const { signals } = heard();
  const cache = new SignalledCache<Entry>(signals, {
    topics: [],
    bounds: { maxSize: 10, sizeCalculation: ({ group: of }) => of.length },
    groupOf: ({ group: of }) => of,
  });
  const large = { group: 'a name of more than ten letters' };
  await cache.read(async () => new Map([['key', large]]));
  expect(cache.peek('key')).toBeUndefined();
  cache.forgetGroup(large.group);
  await cache.read(async () => new Map([['key', { group: 'short' }]]));
  expect(cache.peek('key')).toEqual({ group: 'short' });
});
