import { constants, PerformanceObserver } from 'node:perf_hooks';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { Garbage } from '../../src/operations/garbage.js';
import { eventually } from '../support/eventually.js';

const megabyte = 1024 ** 2;
/** A reference to an object that is unreachable once this has returned. */
const dropped = () => new WeakRef({ text: 'x' });

test('what is left behind is collected after sixteen megabytes, and not before', async () => {
  const garbage = new Garbage();
  const left = dropped();
  for (let n = 0; n < 15; n += 1) garbage.leave(megabyte);
  await setImmediate();
  expect(left.deref()).toBeDefined();
  await setImmediate();
  garbage.leave(megabyte);
  await setImmediate();
  await setImmediate();
  expect(left.deref()).toBeUndefined();
});

test('what is left at once is collected once', async () => {
  let forced = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { detail } of list.getEntries() as unknown as { detail: { flags: number } }[])
      if (detail.flags & constants.NODE_PERFORMANCE_GC_FLAGS_FORCED) forced += 1;
  });
  observer.observe({ entryTypes: ['gc'] });
  const garbage = new Garbage();
  for (let n = 0; n < 10; n += 1) garbage.leave(16 * megabyte);
  await eventually(() => forced > 0);
  // Time for further collections, if there were any.
  await sleep(100);
  observer.disconnect();
  expect(forced).toBe(1);
});

test('a running program sees no more of it than before', () => {
  const before = Object.getOwnPropertyNames(globalThis);
  new Garbage().leave(16 * megabyte);
  expect(Object.getOwnPropertyNames(globalThis)).toEqual(before);
  expect(before).not.toContain('gc');
});
