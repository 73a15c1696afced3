import { expect, test } from '@jest/globals';
import { type Besieged, everyWay, manyDocuments, withstands } from '../support/battery.js';

/** Fields of an account that only its owner and administrators may read. */
const guarded = 'email isVerified isActive isAdmin isLocked timezone language lastLoginAt twoFactorEnabled';
const times = (count: number, of: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => of(i)).join(' ');

const queries: Record<string, string> = {
  'the largest bodies': '{ posts(first: 100) { nodes { title body } } }',
  'the largest bodies, thirty times': `{ ${times(30, (i) => `a${i}: posts(first: 100) { ...P }`)} } fragment P on PostConnection { nodes { title body } }`,
  'the largest bodies, thirty times each': `{ posts(first: 100) { nodes { ${times(30, (i) => `a${i}: body`)} } } }`,
  '100 comments of emoji':
    '{ posts(first: 1) { nodes { comments(first: 100) { nodes { body author { username } } } } } }',
  '100 comments of emoji, thirty times': `{ posts(first: 1) { nodes { ${times(30, (i) => `a${i}: comments(first: 100) { ...C }`)} } } } fragment C on CommentConnection { nodes { body } }`,
  'rules for the app, thirty times': `{ viewer { ${times(30, (i) => `a${i}: abilityRules`)} } }`,
  'refusals of 100 authors': `{ posts(first: 100) { nodes { author { ${guarded} } } } }`,
  '30,000 refusals': `{ posts(first: 100) { nodes { author { ${times(30, (i) => `a${i}: email`)} } comments { nodes { author { ${guarded} } } } } } }`,
};

export function attackBySize(target: () => Besieged): void {
  test.each(Object.entries(queries))('%s', (_name, query) => withstands(target(), () => everyWay(target(), query)));

  test('300 documents that are sent until they are compiled', () =>
    withstands(target(), () => manyDocuments(target(), 'attacking')));

  test('what is asked for is answered while it is small', async () => {
    const outcomes = await everyWay(target(), '{ posts(first: 5) { nodes { title } } }');
    expect(outcomes.flatMap(({ codes }) => codes)).toEqual([]);
  });
}
