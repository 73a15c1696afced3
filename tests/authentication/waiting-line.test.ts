import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { WaitingLine } from '../../src/authentication/passwords/waiting-line.js';

/** A line with these added; undefined: a stranger. */
function lineOf(accounts: readonly (string | undefined)[]): WaitingLine<string> {
  const line = new WaitingLine<string>();
  accounts.forEach((account, place) => {
    line.add(`${account ?? 'stranger'}#${place}`, account);
  });
  return line;
}

const drained = (line: WaitingLine<string>): string[] => {
  const order: string[] = [];
  for (let next = line.next(); next !== undefined; next = line.next()) order.push(next.split('#')[0] ?? '');
  return order;
};

test('those who are known go first, and every fourth turn is a stranger’s', () => {
  const line = lineOf([undefined, undefined, undefined, 'ann', 'bob', 'cat', 'dan', 'eve']);
  expect(line.size).toBe(8);
  const order = ['ann', 'bob', 'cat', 'stranger', 'dan', 'eve', 'stranger', 'stranger'];
  expect(drained(line)).toEqual(order);
  expect(line.size).toBe(0);
});

test('without strangers the known ones are in the order they came, and the next stranger does not profit from it', () => {
  const line = lineOf(['ann', 'bob', 'cat', 'dan', 'eve']);
  expect([line.next(), line.next(), line.next(), line.next()].map((name) => name?.slice(0, 3))).toEqual([
    ...['ann', 'bob', 'cat', 'dan'],
  ]);
  line.add('late#0', undefined);
  expect(drained(line)).toEqual(['eve', 'late']);
});

test('an account has one place before strangers at a time', () => {
  const line = lineOf([undefined, 'ann', 'ann', 'ann', 'bob']);
  expect(drained(line)).toEqual(['ann', 'bob', 'stranger', 'ann', 'ann']);
});

test('and again once it has had its turn', () => {
  const line = lineOf([undefined, 'ann']);
  expect(line.next()).toMatch('ann');
  line.add('ann#9', 'ann');
  expect(drained(line)).toEqual(['ann', 'stranger']);
});

const names = fc.constantFrom(undefined, undefined, ...'abcdefgh');
const steps = fc.array(fc.oneof(names, fc.constant('next')), { maxLength: 60 });

test('what is said to be ahead is what has its turn before, whoever came and went earlier', () => {
  const exact = fc.property(steps, names, (done, account) => {
    const line = new WaitingLine<string>();
    for (const step of done) {
      if (step === 'next') line.next();
      else line.add('other', step);
    }
    const ahead = line.ahead(account);
    line.add('mine', account);
    expect(drained(line).indexOf('mine')).toBe(ahead);
  });
  fc.assert(exact, { numRuns: 2000 });
});

test('however many known ones keep coming, a stranger has every fourth turn', () => {
  const starved = fc.property(fc.array(fc.nat(3), { minLength: 40, maxLength: 80 }), (arrivals) => {
    const line = lineOf([undefined, undefined, undefined, undefined, undefined]);
    let since = 0;
    let serial = 0;
    for (const count of arrivals) {
      for (let n = 0; n < count; n += 1) line.add('known#', String(serial++));
      const next = line.next();
      if (next === undefined) break;
      since = next.startsWith('stranger') ? 0 : since + 1;
      if (next.startsWith('stranger')) line.add('stranger#', undefined);
      expect(since).toBeLessThanOrEqual(3);
    }
  });
  fc.assert(starved);
});
