import { expect, test } from '@jest/globals';
import { Turn } from '../../src/http/turn.js';

test('who waits for the end of a turn goes on after its other work, in order', async () => {
  const turn = new Turn();
  const happened: string[] = [];
  const answer = async (name: string) => {
    happened.push(`made ${name}`);
    await turn.end();
    happened.push(`sent ${name}`);
  };
  const answers = ['a', 'b'].map(answer);
  // Work that the turn still does: promises that are ready, and ticks.
  answers.push(Promise.resolve().then(() => answer('c')));
  process.nextTick(() => happened.push('ticked'));
  await Promise.all(answers);
  expect(happened.slice(0, 4).sort()).toEqual(['made a', 'made b', 'made c', 'ticked']);
  expect(happened.slice(4)).toEqual(['sent a', 'sent b', 'sent c']);
});

test('who comes while answers are sent waits for the end of the next turn', async () => {
  const turn = new Turn();
  const happened: string[] = [];
  await turn.end();
  const next = turn.end().then(() => happened.push('next'));
  expect(happened).toEqual([]);
  await next;
  expect(happened).toEqual(['next']);
});
