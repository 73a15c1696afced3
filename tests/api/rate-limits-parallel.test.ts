import { afterEach, expect, test } from '@jest/globals';
import { Harness } from '../support/harness.js';
import { type Outcome, overHttp } from '../support/transports.js';

let harness: Harness;
afterEach(() => harness.close());

const attempt = (identifier: string) => ({
  query: 'mutation ($input: LoginInput!) { login(input: $input) { errors { code } } }',
  variables: { input: { identifier, password: 'wrong' } },
});

/** How often each answer occurred. */
function tally(answers: readonly Outcome[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { status, codes } of answers) {
    const answer = `${status} ${codes}`;
    found[answer] = (found[answer] ?? 0) + 1;
  }
  return found;
}

test.each([
  ['one process', 1, 20],
  ['one process', 1, 50],
  ['two processes', 2, 50],
])('in %s(%i) %i parallel attempts let exactly the budget through', async (_name, processes, attempts) => {
  harness = await Harness.start({ RATE_LIMIT_LOGIN: '7/10m' });
  const urls = [harness.app.url, ...(processes > 1 ? [(await harness.another()).url] : [])];
  const answers = await Promise.all(
    Array.from({ length: attempts }, (_, n) => overHttp(String(urls[n % urls.length]), attempt(`user${n}`))),
  );
  expect(tally(answers)).toEqual({ '200 ': 7, '429 RATE_LIMITED': attempts - 7 });
});

test('a stale credential does not stand in the way of signing in', async () => {
  harness = await Harness.start();
  const person = await harness.person('ada');
  await person.ask('mutation { logout { errors { code } } }');
  for (const token of [person.token, 'nonsense', 'a.b.c']) {
    const stale = await overHttp(harness.app.url, { ...attempt('ada'), token });
    expect([stale.codes, stale.data['login']?.['errors']?.[0]?.['code']]).toEqual([[], 'INVALID_CREDENTIALS']);
  }
});

test('changes of a signed-in caller are counted by caller, not by address', async () => {
  harness = await Harness.start({ RATE_LIMIT_MUTATION: '2/10m' });
  const admin = await harness.admin();
  const create = (name: string) =>
    admin.ask(`mutation { createRole(input: { name: "${name}", level: 2 }) { errors { code } } }`);
  expect((await create('One')).codes).toEqual([]);
  expect((await create('Two')).codes).toEqual([]);
  expect((await create('Three')).codes).toEqual(['RATE_LIMITED']);
  const person = await harness.person('ada');
  expect((await person.ask('mutation { logout { errors { code } } }')).codes).toEqual([]);
});
