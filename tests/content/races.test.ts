import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Client } from '../support/client.js';
import { comment, idsOf, outcomeOf, writePost } from '../support/content.js';
import { Harness, password } from '../support/harness.js';

let harness: Harness;
let admin: Client;
let ada: Client;
let eve: Client;
beforeAll(async () => {
  harness = await Harness.start();
  [admin, ada, eve] = [await harness.admin(), await harness.person('ada'), await harness.person('eve')];
});
afterAll(() => {
  expect(harness.logged.join('')).not.toMatch(/"level":50/);
});

const times = 20;
const many = <T>(work: (n: number) => Promise<T>) => Promise.all(Array.from({ length: times }, (_none, n) => work(n)));
const counts = (outcomes: (string | undefined)[]) =>
  Object.fromEntries([...new Set(outcomes)].map((code) => [String(code), outcomes.filter((o) => o === code).length]));

test('of twenty deletions one deletes', async () => {
  const postId = await writePost(ada, { published: true });
  const outcomes = await many((n) => outcomeOf(n % 2 ? ada : admin, 'deletePost', { postId }));
  expect(counts(outcomes)).toEqual({ undefined: 1, NOT_FOUND: times - 1 });
});

test('of twenty deletions of a comment one deletes', async () => {
  const postId = await writePost(ada, { published: true });
  const commentId = await comment(eve, postId);
  const outcomes = await many((n) => outcomeOf(n % 2 ? eve : admin, 'deleteComment', { commentId }));
  expect(counts(outcomes)).toEqual({ undefined: 1, NOT_FOUND: times - 1 });
});

test('publishing and taking back at once ends as one of them left it, everywhere the same', async () => {
  const postId = await writePost(ada);
  const outcomes = await many((n) => outcomeOf(ada, n % 2 ? 'publishPost' : 'unpublishPost', { postId }));
  expect(counts(outcomes)).toEqual({ undefined: times });
  const { data } = await ada.ask(`{ post(id: "${postId}") { published publishedAt } }`);
  expect(data['post']?.['publishedAt']).not.toBeNull();
  const listed = await harness.client().ask(`{ posts(first: 100) { nodes { id } } }`);
  expect(idsOf(listed.data['posts']).includes(postId)).toBe(data['post']?.['published']);
});

test('comments on a post that is deleted or taken back meanwhile are made before or not found after', async () => {
  for (const end of ['deletePost', 'unpublishPost']) {
    const postId = await writePost(ada, { published: true });
    const outcomes = await many((n) =>
      n === 10 ? outcomeOf(ada, end, { postId }) : outcomeOf(eve, 'createComment', { postId, body: 'a' }),
    );
    expect(outcomes[10]).toBeUndefined();
    expect(outcomes.filter((code) => code !== undefined && code !== 'NOT_FOUND')).toEqual([]);
  }
});

test('whatever is done to a post while it is deleted, nothing fails', async () => {
  const postId = await writePost(ada, { published: true });
  const comments = await many(() => comment(eve, postId));
  const outcomes = await many((n) => {
    const commentId = comments[n];
    const deeds = [
      () => outcomeOf(ada, 'updatePost', { postId, title: 'b' }),
      () => outcomeOf(eve, 'updateComment', { commentId, body: 'b' }),
      () => outcomeOf(eve, 'deleteComment', { commentId }),
      () => outcomeOf(admin, 'deletePost', { postId }),
      () => outcomeOf(ada, 'createComment', { postId, body: 'b' }),
    ];
    return deeds[n % deeds.length]?.() ?? Promise.resolve(undefined);
  });
  expect(outcomes.filter((code) => code !== undefined && code !== 'NOT_FOUND')).toEqual([]);
});

test('accounts that are deleted while they write leave nothing behind, and nothing fails', async () => {
  for (const name of ['bob', 'cyd']) {
    const person = await harness.person(name);
    const adas = await writePost(ada, { published: true });
    const own = await writePost(person, { published: true });
    await many(() => comment(person, adas));
    const answers = await many((n) => {
      if (n === 5) return outcomeOf(admin, 'deleteUser', { userId: person.userId });
      if (n % 5 === 0) return outcomeOf(admin, 'deletePost', { postId: adas });
      if (n % 5 === 1) return outcomeOf(eve, 'createComment', { postId: own, body: 'a' });
      if (n % 5 === 2) return outcomeOf(person, 'createPost', { title: 'a', body: 'b', published: true });
      return outcomeOf(person, 'createComment', { postId: adas, body: 'a' });
    });
    const allowed = [undefined, 'NOT_FOUND', 'UNAUTHENTICATED'];
    expect(answers.filter((code) => !allowed.includes(code))).toEqual([]);
    expect(answers[5]).toBeUndefined();
    const { sql } = harness.app.services.database;
    const left = await sql.row<{ n: number }>(
      'select ((select count(*) from posts where author_id = $1) + (select count(*) from comments where author_id = $1))::int as n',
      [String(person.userId)],
    );
    expect(left?.n).toBe(0);
  }
});

test('an account that deletes itself while it writes', async () => {
  const dan = await harness.person('dan');
  const outcomes = await many((n) =>
    n === 10
      ? outcomeOf(dan, 'deleteOwnAccount', { currentPassword: password })
      : outcomeOf(dan, 'createPost', { title: 'a', body: 'b', published: true }),
  );
  expect(outcomes[10]).toBeUndefined();
  expect(outcomes.filter((code) => code !== undefined && code !== 'UNAUTHENTICATED')).toEqual([]);
  const reading = await harness.client().ask('{ posts(first: 100) { totalCount nodes { author { username } } } }');
  expect([reading.codes, JSON.stringify(reading.data).includes('"dan"')]).toEqual([[], false]);
});
