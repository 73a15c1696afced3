import { expect, test } from '@jest/globals';
import { FrameBatch } from '../../src/api/frame-batch.js';
import type { PacedSocket } from '../../src/api/paced-socket.js';

test('frames are sent once the function that adds them has ended, in order, and before any promise goes on', async () => {
  const sent: string[] = [];
  const named = (name: string) =>
    ({ sendNow: (frame: Buffer) => sent.push(`${name}${frame}`) }) as unknown as PacedSocket;
  const [one, other] = [named('a'), named('b')];
  const batch = new FrameBatch();
  const told = Promise.resolve().then(() => sent.push('promise'));
  // A promise goes on before the next tick only in a function that was itself called by a promise.
  await new Promise<void>((resolve) => {
    setImmediate(() => {
      const later = Promise.resolve().then(() => sent.push('later promise'));
      for (const [socket, text] of [
        [one, '1'],
        [other, '1'],
        [one, '2'],
      ] as const)
        batch.add(socket, Buffer.from(text));
      expect(sent).toEqual(['promise']);
      void later.then(() => resolve());
    });
  });
  await told;
  expect(sent).toEqual(['promise', 'a1', 'b1', 'a2', 'later promise']);
  batch.add(other, Buffer.from('3'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(sent.at(-1)).toBe('b3');
});
