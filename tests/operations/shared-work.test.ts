import { expect, test } from '@jest/globals';
import { SharedWorks } from '../../src/operations/shared-work.js';

/** A promise with its resolve function. */
function later<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

test('callers during a run share the next one, which the latest of them makes', async () => {
  const works = new SharedWorks<string>();
  const first = later<string>();
  const runs: string[] = [];
  const ask = (name: string, found: Promise<string>) =>
    works.run('key', () => {
      runs.push(name);
      return found;
    });
  const answers = [ask('first', first.promise)];
  // The first run has begun.
  await Promise.resolve();
  answers.push(ask('second', Promise.resolve('of the second')), ask('third', Promise.resolve('of the third')));
  first.resolve('of the first');
  expect(await Promise.all(answers)).toEqual(['of the first', 'of the third', 'of the third']);
  expect(runs).toEqual(['first', 'third']);
});

test('callers of another key wait for nobody', async () => {
  const works = new SharedWorks<string>();
  void works.run('one', () => later<string>().promise);
  expect(await works.run('other', async () => 'found')).toBe('found');
});
