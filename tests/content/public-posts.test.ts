import { beforeAll, describe, expect, test } from '@jest/globals';
import type { App } from '../../src/app.js';
import { makeToken } from '../support/api-tokens.js';
import { Client } from '../support/client.js';
import { idsOf, writePost } from '../support/content.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { holdUp, withoutSignals } from '../support/signals.js';
import { statementsOf } from '../support/statements.js';

let harness: Harness;
let other: App;
let ada: Client;
beforeAll(async () => {
  harness = await Harness.start();
  other = await harness.another();
  ada = await harness.person('ada');
});

const query = '{ posts(first: 50) { totalCount nodes { id title body author { username } } } }';
const read = async (client: Client) => {
  const { data, errors } = await client.ask(query);
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return { ids: idsOf(data['posts']), count: data['posts']?.['totalCount'], text: JSON.stringify(data) };
};
const here = () => harness.client();
const there = () => new Client(other.url);
const change = (name: string, postId: string, more = {}) =>
  ada.mutate(name, { postId, ...more }, name === 'deletePost' ? 'deletedPostId' : 'post { id }');

test.each(['unpublishPost', 'deletePost'])('what %s takes back is nowhere once that is answered', async (name) => {
  const id = await writePost(ada, { published: true });
  await eventually(async () => (await read(there())).ids.includes(id));
  const hold = holdUp(other);
  await change(name, id);
  expect((await read(there())).ids).not.toContain(id);
  hold.resume();
  await eventually(() => other.services.signals.isListening);
  expect((await read(there())).ids).not.toContain(id);
});

test('the public list costs no statement beyond its authors', async () => {
  await writePost(ada, { published: true });
  const plain = '{ posts(first: 50, category: null) { totalCount nodes { id title } } }';
  expect(await statementsOf(harness, () => here().ask(plain))).toBe(0);
  expect(await statementsOf(harness, () => here().ask(query))).toBe(1);
  expect(await statementsOf(harness, () => ada.ask('{ posts(published: true) { totalCount nodes { id } } }'))).toBe(0);
});

test('what is published, changed, taken back and deleted is seen at once here and soon there', async () => {
  const postId = await writePost(ada, { title: 'Before' });
  for (const [name, seen, more] of [
    ['publishPost', true, {}],
    ['updatePost', true, { title: 'After' }],
    ['unpublishPost', false, {}],
    ['publishPost', true, {}],
    ['deletePost', false, {}],
  ] as const) {
    await read(there());
    const { count } = await read(here());
    await change(name, postId, more);
    const own = await read(here());
    expect([name, own.ids.includes(postId)]).toEqual([name, seen]);
    expect(own.count).toBe(own.ids.length);
    if (name === 'updatePost') expect([own.count, own.text.includes('After')]).toEqual([count, true]);
    await eventually(async () => (await read(there())).text === own.text);
  }
});

test('nothing but what is public is shared', async () => {
  const draft = await writePost(ada, { title: 'A secret title' });
  for (const url of [harness.app.url, other.url]) {
    const author = new Client(url);
    author.token = ada.token;
    const admin = new Client(url);
    await admin.login('root.admin', password);
    const reader = new Client(url);
    reader.token = (await makeToken(ada, [])).token;
    for (let round = 0; round < 2; round += 1) {
      for (const client of [author, admin]) expect((await read(client)).ids).toContain(draft);
      for (const client of [new Client(url), reader]) {
        const { text, ids, count } = await read(client);
        expect([text.includes('secret'), ids.includes(draft)]).toEqual([false, false]);
        expect(count).toBe(ids.length);
      }
    }
  }
  await change('deletePost', draft);
});

test('pages of each size and with and without bodies are kept apart', async () => {
  const made = [];
  for (let n = 0; n < 3; n += 1) made.push(await writePost(ada, { published: true, category: 'kept-apart' }));
  const ask = async (args: string, fields: string) =>
    (await here().ask(`{ posts(category: "kept-apart" ${args}) { nodes { id ${fields} } pageInfo { hasNextPage } } }`))
      .data['posts'];
  for (let round = 0; round < 2; round += 1) {
    expect(idsOf(await ask('first: 1', ''))).toHaveLength(1);
    expect(idsOf(await ask('first: 3', ''))).toHaveLength(3);
    expect((await ask('first: 3', 'body'))?.['nodes']?.[0]?.['body']).toBe('A body');
    expect((await ask('first: 2', ''))?.['pageInfo']?.['hasNextPage']).toBe(true);
    expect(idsOf(await ask('last: 1', ''))).toHaveLength(1);
  }
});

test('while changes cannot be heard, the database is asked', async () => {
  const postId = await writePost(ada, { published: true });
  await eventually(async () => (await read(there())).ids.includes(postId));
  const restore = await withoutSignals(other);
  await change('unpublishPost', postId);
  expect((await read(there())).ids).not.toContain(postId);
  await change('publishPost', postId);
  await restore();
  expect((await read(there())).ids).toContain(postId);
});

test('with an account its posts and comments vanish, here at once', async () => {
  const bob = await harness.person('bob');
  const adas = await writePost(ada, { published: true });
  const bobs = await writePost(bob, { published: true });
  await bob.mutate('createComment', { postId: adas, body: 'a' }, 'comment { id }');
  await read(here());
  await eventually(async () => (await read(there())).ids.includes(bobs));
  await bob.mutate('deleteOwnAccount', { currentPassword: password }, 'deletedUserId');
  // No error occurs, although the list may still be cached there.
  expect((await read(there())).ids).not.toContain(bobs);
  const { ids, count } = await read(here());
  expect([ids.includes(bobs), count]).toEqual([false, ids.length]);
  const { data } = await here().ask(`{ post(id: "${adas}") { comments { totalCount } } }`);
  expect(data['post']?.['comments']?.['totalCount']).toBe(0);
});

test('a name is not remembered', async () => {
  const cy = await harness.person('cyrus');
  await writePost(cy, { published: true });
  await read(here());
  const admin = await harness.admin();
  await admin.mutate('updateUser', { userId: cy.userId, username: 'cyrus.new' }, 'user { id }');
  expect((await read(here())).text).toContain('"cyrus.new"');
});

describe('statistics', () => {
  const statistics = async (client: Client, id = ada.userId) =>
    (await client.ask(`{ user(id: "${id}") { statistics { postsCount commentsCount sessionsCount lastActivityAt } } }`))
      .data['user']?.['statistics'];

  test('count what is there, and follow each post and comment at once', async () => {
    const dan = await harness.person('dan');
    const elsewhere = new Client(other.url);
    elsewhere.token = dan.token;
    expect(await statistics(dan, dan.userId)).toMatchObject({ postsCount: 0, commentsCount: 0, sessionsCount: 1 });
    await statistics(elsewhere, dan.userId);
    const postId = await writePost(dan);
    const after = await statistics(dan, dan.userId);
    expect(after?.['postsCount']).toBe(1);
    const post = (await dan.ask(`{ post(id: "${postId}") { createdAt } }`)).data['post'];
    expect(after?.['lastActivityAt']).toBe(post?.['createdAt']);
    await eventually(async () => (await statistics(elsewhere, dan.userId))?.['postsCount'] === 1);
    const made = await dan.mutate('createComment', { postId, body: 'a' }, 'comment { id createdAt }');
    expect(await statistics(dan, dan.userId)).toMatchObject({
      commentsCount: 1,
      lastActivityAt: made['comment']?.['createdAt'],
    });
    await dan.mutate('deleteComment', { commentId: made['comment']?.['id'] }, 'deletedCommentId');
    expect((await statistics(dan, dan.userId))?.['commentsCount']).toBe(0);
    // A change by another user updates the statistics too.
    const admin = await harness.admin();
    await dan.mutate('createComment', { postId, body: 'a' }, 'comment { id }');
    await eventually(async () => (await statistics(elsewhere, dan.userId))?.['commentsCount'] === 1);
    await admin.mutate('deletePost', { postId }, 'deletedPostId');
    expect(await statistics(dan, dan.userId)).toMatchObject({ postsCount: 0 });
    await eventually(async () => (await statistics(elsewhere, dan.userId))?.['commentsCount'] === 0);
  });

  test('are at most a minute old', async () => {
    const dan = await harness.person('dana');
    expect((await statistics(dan, dan.userId))?.['sessionsCount']).toBe(1);
    await harness.client().login('dana', password);
    harness.clock.advance(60_000);
    expect((await statistics(dan, dan.userId))?.['sessionsCount']).toBe(2);
  });

  test('are told to the user and to readers of users, and to nobody else', async () => {
    const eve = await harness.person('eve');
    expect((await eve.ask(`{ user(id: "${ada.userId}") { statistics { postsCount } } }`)).codes).toEqual(['FORBIDDEN']);
    expect(await statistics(await harness.admin())).toMatchObject({ sessionsCount: expect.any(Number) });
  });

  test('cost a page of users no statement once they are known, and one before', async () => {
    const admin = await harness.admin();
    const list = (fields: string) => admin.ask(`{ users(first: 100) { nodes { id ${fields} } } }`);
    const without = await statementsOf(harness, () => list(''));
    expect(await statementsOf(harness, () => list('statistics { postsCount }'))).toBe(without);
    const forgetting = await statementsOf(harness, () => {
      harness.clock.advance(60_000);
      return list('statistics { postsCount }');
    });
    expect(forgetting).toBe(without + 1);
  });
});
