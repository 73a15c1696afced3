import { expect, test } from '@jest/globals';
import { OwnWrites } from '../../src/database/replicas/own-writes.js';
import { PrimaryPositions } from '../../src/database/replicas/primary-positions.js';
import { positionOf } from '../../src/database/replicas/wal-position.js';

const [ada, bob] = ['0000000a-0000-4000-8000-000000000000', '0000000b-0000-4000-8000-000000000000'];

/** What is known once the primary has been read at 100. */
function begun(): OwnWrites {
  const writes = new OwnWrites();
  writes.learn(writes.begin(), 100n);
  return writes;
}

test('before the primary has been read, only the primary will do', () => {
  const writes = new OwnWrites();
  expect(writes.needs(ada)).toBeUndefined();
  writes.learn(writes.begin(), 100n);
  expect(writes.needs(ada)).toBe(100n);
});

test('a write needs a reading that has begun after it', () => {
  const writes = begun();
  const early = writes.begin();
  writes.note(ada);
  writes.learn(early, 200n);
  expect(writes.needs(ada)).toBeUndefined();
  expect(writes.needs(bob)).toBe(100n);
  writes.learn(writes.begin(), 300n);
  expect(writes.needs(ada)).toBe(300n);
  expect(writes.needs(ada.toUpperCase())).toBe(300n);
  expect(writes.needs(bob)).toBe(100n);
});

test('a later write of the same user counts anew', () => {
  const writes = begun();
  writes.note(ada);
  writes.learn(writes.begin(), 200n);
  writes.note(ada);
  expect(writes.needs(ada)).toBeUndefined();
});

test('what every replica in use has is forgotten, and is needed of those that come later', () => {
  const writes = begun();
  writes.note(ada);
  writes.learn(writes.begin(), 200n);
  writes.settle(199n);
  expect([writes.needs(ada), writes.needs(bob)]).toEqual([200n, 100n]);
  writes.settle(200n);
  expect([writes.needs(ada), writes.needs(bob)]).toEqual([200n, 200n]);
});

test('without a replica in use nothing piles up', () => {
  const writes = begun();
  writes.note(ada);
  writes.learn(writes.begin(), 200n);
  writes.note(bob);
  writes.settle(undefined);
  expect([writes.needs(ada), writes.needs(bob)]).toEqual([200n, undefined]);
});

test('when signals may have been missed, everybody may have written', () => {
  const writes = begun();
  const early = writes.begin();
  writes.forgetAll();
  writes.learn(early, 200n);
  expect(writes.needs(ada)).toBeUndefined();
  writes.learn(writes.begin(), 300n);
  expect(writes.needs(ada)).toBe(300n);
});

const answer = (flushed: string, inserted: string, timeline = '00000001') => ({
  flushed,
  inserted,
  timeline,
  server: '1',
  database: '2',
});

test('the primary was somewhere until it was seen further on', () => {
  const primary = new PrimaryPositions();
  primary.add(answer('0/10', '0/20'), 1000);
  primary.add(answer('0/20', '0/20'), 1250);
  primary.add(answer('0/20', '0/30'), 1500);
  expect([0xfn, 0x10n, 0x1fn, 0x20n, 0x30n].map((position) => primary.lastAt(position))).toEqual([
    undefined,
    1000,
    1000,
    1500,
    1500,
  ]);
});

test('when another server becomes the primary, a replica must come past all that was known before', () => {
  const primary = new PrimaryPositions();
  expect(primary.add(answer('1/0', '1/50'), 1000)).toBeUndefined();
  expect(primary.add(answer('1/10', '1/10', '00000002'), 1250)).toBe(positionOf('1/50'));
  expect(primary.lastAt(positionOf('1/5'))).toBeUndefined();
  expect(primary.add(answer('1/20', '1/20', '00000002'), 1500)).toBeUndefined();
});
