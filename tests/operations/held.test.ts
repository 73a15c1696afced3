import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { Held } from '../../src/operations/held.js';

const patience = 100;
const reader = () => {
  const made = {
    isCutOff: false,
    terminate: () => {
      made.isCutOff = true;
    },
  };
  return made;
};

test('who has been reading for too long is cut off when others need the room, the slowest first', async () => {
  const held = new Held(100, patience);
  const [first, second, third] = [reader(), reader(), reader()];
  const cutOff = () => [first.isCutOff, second.isCutOff, third.isCutOff];
  for (const one of [first, second, third]) held.send(one, 40);
  // They have just started reading, so they are not cut off although memory is used up.
  expect([held.hasRoom(), cutOff()]).toEqual([false, [false, false, false]]);
  await sleep(2 * patience);
  held.arrive(first, 10);
  expect([held.bytes, held.hasRoom()]).toEqual([110, true]);
  expect([held.bytes, cutOff()]).toEqual([70, [false, true, false]]);
  held.forget(third);
  held.forget(third);
  held.arrive(first, 30);
  held.arrive(first, 30);
  expect([held.bytes, held.hasRoom(), cutOff()]).toEqual([0, true, [false, true, false]]);
});

test('of much that nobody reads the slowest reader is cut off at once', () => {
  const held = new Held(99, patience);
  const [first, second, third] = [reader(), reader(), reader()];
  for (const one of [first, second, third]) held.send(one, 44);
  expect([held.bytes, first.isCutOff]).toEqual([132, false]);
  held.arrive(first, 1);
  held.send(first, 2);
  expect([held.bytes, first.isCutOff, second.isCutOff, third.isCutOff]).toEqual([89, false, true, false]);
  // A single answer is sent however large it is.
  held.forget(third);
  held.send(first, 1000);
  expect([held.bytes, first.isCutOff]).toEqual([1045, false]);
});

test('while there is room nobody is cut off, however slow', async () => {
  const held = new Held(100, patience);
  const [first, second] = [reader(), reader()];
  for (const one of [first, second]) held.send(one, 50);
  await sleep(2 * patience);
  expect([held.hasRoom(), first.isCutOff, second.isCutOff]).toEqual([true, false, false]);
});
