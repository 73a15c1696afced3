import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Besieged, besieged, everyWay, withstands } from '../support/battery.js';
import { overHttp } from '../support/transports.js';

let target: Besieged;
beforeAll(async () => {
  target = await besieged();
  for (let round = 0; round < 3; round += 1) await everyWay(target, '{ posts(first: 20) { nodes { id title body } } }');
});
afterAll(() => target.service.stop());

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

test.each(Object.entries(queries))('%s', (_name, query) => withstands(target, () => everyWay(target, query)));

test('300 documents that are sent until they are compiled', () =>
  withstands(target, async () => {
    const outcomes = [];
    const body =
      times(300, (i) => `f${i}: __typename`).slice(0, 0) + times(25, (i) => `a${i}: comments(first: 1) { ...C }`);
    for (let n = 0; n < 300; n += 1) {
      const query = `{ posts(first: 1, offset: ${n}) { nodes { ${body} } } } fragment C on CommentConnection { nodes { id createdAt updatedAt author { id username } post { id title } } }`;
      for (let time = 0; time < 3; time += 1) outcomes.push(await overHttp(target.service.url, { query }));
    }
    return outcomes;
  }));

test('what is asked for is answered while it is small', async () => {
  const outcomes = await everyWay(target, '{ posts(first: 5) { nodes { title } } }');
  expect(outcomes.flatMap(({ codes }) => codes)).toEqual([]);
});
