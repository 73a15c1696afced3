import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from '../support/client.js';
import { comment, idsOf, outcomeOf, writePost } from '../support/content.js';
import { Harness } from '../support/harness.js';
import { fresh, transports } from '../support/transports.js';

const nobody = '00000000-0000-4000-8000-000000000000';

let harness: Harness;
let admin: Client;
let ada: Client;
let eve: Client;
beforeAll(async () => {
  harness = await Harness.start();
  [admin, ada, eve] = [await harness.admin(), await harness.person('ada'), await harness.person('eve')];
});

const postFields = 'id title body category published createdAt updatedAt publishedAt author { id username }';

test('a post is written, changed, published, taken back and deleted', async () => {
  const created = await ada.mutate(
    'createPost',
    { title: ' First ', body: 'a\r\nb', category: ' Local-News ' },
    `post { ${postFields} }`,
  );
  const post = created['post'];
  expect(post).toMatchObject({
    title: 'First',
    body: 'a\nb',
    category: 'local-news',
    published: false,
    publishedAt: null,
    author: { id: ada.userId, username: 'ada' },
  });
  const postId = String(post?.['id']);
  harness.clock.advance(1000);
  const updated = await ada.mutate('updatePost', { postId, title: 'Second', category: null }, `post { ${postFields} }`);
  expect(updated['post']).toMatchObject({ title: 'Second', body: 'a\nb', category: null });
  expect(updated['post']?.['updatedAt']).not.toBe(post?.['updatedAt']);
  const unchanged = await ada.mutate('updatePost', { postId, title: null, body: null }, `post { ${postFields} }`);
  expect(unchanged['post']).toMatchObject({ title: 'Second', body: 'a\nb' });
  const published = await ada.mutate('publishPost', { postId }, `post { ${postFields} }`);
  expect(published['post']).toMatchObject({ published: true, publishedAt: published['post']?.['updatedAt'] });
  harness.clock.advance(1000);
  const again = await ada.mutate('publishPost', { postId }, `post { ${postFields} }`);
  expect(again['post']).toEqual(published['post']);
  const taken = await ada.mutate('unpublishPost', { postId }, `post { ${postFields} }`);
  expect(taken['post']).toMatchObject({ published: false, publishedAt: published['post']?.['publishedAt'] });
  expect(await ada.mutate('deletePost', { postId }, 'deletedPostId')).toEqual({ deletedPostId: postId, errors: [] });
  expect((await ada.ask(`{ post(id: "${postId}") { id } }`)).data['post']).toBeNull();
  expect(await outcomeOf(ada, 'deletePost', { postId })).toBe('NOT_FOUND');
});

test('a comment is made, changed, read in order and deleted', async () => {
  const postId = await writePost(ada, { published: true });
  const made = await eve.mutate(
    'createComment',
    { postId, body: ' One ' },
    'comment { id body author { id } post { id } createdAt updatedAt }',
  );
  expect(made['comment']).toMatchObject({ body: 'One', author: { id: eve.userId }, post: { id: postId } });
  const commentId = String(made['comment']?.['id']);
  harness.clock.advance(1000);
  const others = [await comment(ada, postId), await comment(eve, postId)];
  await eve.mutate('updateComment', { commentId, body: 'Two' }, 'comment { id }');
  const read = async (args: string) =>
    (
      await harness
        .client()
        .ask(
          `{ post(id: "${postId}") { comments(${args}) { totalCount nodes { id body author { username } } pageInfo { hasNextPage endCursor startCursor } } } }`,
        )
    ).data['post']?.['comments'];
  const first = await read('first: 1');
  expect(first).toMatchObject({ totalCount: 3, nodes: [{ id: commentId, body: 'Two', author: { username: 'eve' } }] });
  const rest = await read(`first: 5 after: "${first?.['pageInfo']?.['endCursor']}"`);
  expect(idsOf(rest).sort()).toEqual(others.sort());
  const last = await read(`last: 2 before: "${rest?.['pageInfo']?.['endCursor']}"`);
  expect(idsOf(last)).toEqual([commentId, idsOf(rest)[0]]);
  expect(await eve.mutate('deleteComment', { commentId }, 'deletedCommentId')).toMatchObject({
    deletedCommentId: commentId,
  });
  expect((await read('first: 5'))?.['totalCount']).toBe(2);
});

const long = (length: number) => '\u{1f600}'.repeat(length);
describe('what will not do is refused', () => {
  const posts: [string, Record<string, unknown>, string[]][] = [
    ['an empty title', { title: '  ' }, ['title']],
    ['a title of two lines', { title: 'a\nb' }, ['title']],
    ['a title that turns the direction of text', { title: 'a\u202eb' }, ['title']],
    ['a long title', { title: long(201) }, ['title']],
    ['an empty body', { body: '\n' }, ['body']],
    ['a long body', { body: long(20_001) }, ['body']],
    ['an empty category', { category: '' }, ['category']],
    ['a category with a space', { category: 'a b' }, ['category']],
    ['a category of hyphens', { category: 'a--b' }, ['category']],
    ['a long category', { category: 'a'.repeat(51) }, ['category']],
    ['everything', { title: '', body: '', category: '-' }, ['title', 'body', 'category']],
  ];
  test.each(posts)('%s', async (_what, wrong, fields) => {
    const postId = await writePost(ada);
    for (const [name, input] of [
      ['createPost', { title: 'a', body: 'b', ...wrong }],
      ['updatePost', { postId, ...wrong }],
    ] as const) {
      const { errors } = (await ada.mutate(name, input, 'post { id }')) as unknown as { errors: object[] };
      expect(errors).toEqual(fields.map((field) => ({ code: 'INVALID_INPUT', field: ['input', field] })));
    }
  });
  test.each(['', ' ', long(5001), 'a\u0007b'])('the comment %#', async (body) => {
    const postId = await writePost(ada);
    expect(await outcomeOf(ada, 'createComment', { postId, body })).toBe('INVALID_INPUT');
    const commentId = await comment(ada, postId);
    expect(await outcomeOf(ada, 'updateComment', { commentId, body })).toBe('INVALID_INPUT');
  });
  test('the longest are taken', async () => {
    const postId = await writePost(ada, { title: long(200), body: long(20_000), category: 'a'.repeat(50) });
    await comment(ada, postId, long(5000));
  });
});

test('what nobody has is not found, for every spelling of an id', async () => {
  for (const id of [nobody, '', '-', "' or 1=1 --", nobody.toUpperCase()]) {
    for (const name of ['updatePost', 'publishPost', 'unpublishPost', 'deletePost'])
      expect([name, await outcomeOf(admin, name, { postId: id })]).toEqual([name, 'NOT_FOUND']);
    expect(await outcomeOf(admin, 'createComment', { postId: id, body: 'a' })).toBe('NOT_FOUND');
    expect(await outcomeOf(admin, 'updateComment', { commentId: id, body: 'a' })).toBe('NOT_FOUND');
    expect(await outcomeOf(admin, 'deleteComment', { commentId: id })).toBe('NOT_FOUND');
  }
});

describe.each(transports)('over %s', (_name, ask) => {
  const markup = `<script>alert("1")</script> ' " & {{7*7}} \${x} <img src=x onerror=alert(1)> %00`;

  test('markup comes back as it was written', async () => {
    const query = fresh(
      'mutation ($input: CreatePostInput!) { createPost(input: $input) { post { title body } errors { code } } }',
    );
    const input = { title: markup, body: `${markup}\n${markup}` };
    const answer = await ask(harness.app.url, { query, variables: { input }, token: ada.token });
    expect(answer.data['createPost']).toEqual({ post: input, errors: [] });
  });

  test('a draft is there for its author alone, by every road', async () => {
    const draft = await writePost(ada, { body: 'a secret draft' });
    const said = await comment(ada, draft, 'a secret remark');
    const roads = [
      `{ post(id: "${draft}") { id body } }`,
      `{ posts(authorId: "${ada.userId}", first: 1) { nodes { id body } } }`,
      `{ posts(published: false) { nodes { id body } totalCount } }`,
      `{ node(id: "${draft}") { id ... on Post { body } } }`,
      `{ node(id: "${said}") { id ... on Comment { body post { body } } } }`,
    ];
    for (const query of roads) {
      const own = await ask(harness.app.url, { query, token: ada.token });
      expect([own.codes, own.text.includes('secret')]).toEqual([[], true]);
      for (const token of [eve.token, undefined, 'stale']) {
        const other = await ask(harness.app.url, { query, token });
        expect(other.text).not.toMatch(/secret/);
        expect(other.codes).toEqual(query.includes('node(') && token !== eve.token ? ['UNAUTHENTICATED'] : []);
      }
    }
    for (const name of ['updatePost', 'publishPost', 'deletePost'])
      expect(await outcomeOf(eve, name, { postId: draft })).toBe('NOT_FOUND');
    expect(await outcomeOf(eve, 'createComment', { postId: draft, body: 'a' })).toBe('NOT_FOUND');
    expect(await outcomeOf(eve, 'deleteComment', { commentId: said })).toBe('NOT_FOUND');
  });

  test('the private fields of an author stay private', async () => {
    const postId = await writePost(ada, { published: true });
    const query = `{ post(id: "${postId}") { author { username email } } }`;
    const read = async (token?: string) => (await ask(harness.app.url, { query, token })).codes;
    expect([await read(), await read(eve.token), await read(ada.token)]).toEqual([
      ['UNAUTHENTICATED'],
      ['FORBIDDEN'],
      [],
    ]);
  });
});

test('posts and comments are nodes', async () => {
  const postId = await writePost(ada, { published: true });
  const commentId = await comment(eve, postId);
  const { data } = await eve.ask(
    `{ post: node(id: "${postId}") { __typename ... on Post { title } } comment: node(id: "${commentId}") { __typename ... on Comment { body } } }`,
  );
  expect(data).toEqual({
    post: { __typename: 'Post', title: 'A title' },
    comment: { __typename: 'Comment', body: 'A comment' },
  });
});
