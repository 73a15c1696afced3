import { beforeAll, describe, expect, test } from '@jest/globals';
import { minutes } from '../../src/clock.js';
import { makeToken } from '../support/api-tokens.js';
import type { Client } from '../support/client.js';
import { comment, giveRole, outcomeOf, writePost } from '../support/content.js';
import { Harness } from '../support/harness.js';

let harness: Harness;
let author: Client;
let commenter: Client;
const callers: Record<string, Client> = {};
const authorsOwn = [
  ...['read', 'create', 'update', 'publish', 'delete'].map((action) => `post:${action}`),
  ...['create', 'update', 'delete'].map((action) => `comment:${action}`),
];

beforeAll(async () => {
  harness = await Harness.start();
  [author, commenter] = [await harness.person('author'), await harness.person('commenter')];
  const holder = async (name: string, permissions: Parameters<typeof giveRole>[3], expiresAt: Date | null = null) => {
    const client = await harness.person(name);
    await giveRole(harness, client.userId, `role of ${name}`, permissions, expiresAt);
    return client;
  };
  const withToken = async (scopes: string[]) => {
    const client = harness.client();
    client.token = (await makeToken(author, scopes)).token;
    return client;
  };
  const everything = [{ permission: 'post:*' }, { permission: 'comment:*' }];
  Object.assign(callers, {
    anonymous: harness.client(),
    author,
    other: await harness.person('other'),
    editor: await holder('editor', [{ permission: 'post:update', conditions: { category: 'news' } }]),
    reviewer: await holder('reviewer', [
      { permission: 'post:read', conditions: { category: 'news' } },
      { permission: 'post:publish', conditions: { category: 'news', published: false } },
    ]),
    moderator: await holder('moderator', [{ permission: 'post:*' }, { permission: 'comment:delete' }]),
    administrator: await harness.admin(),
    token: await withToken(authorsOwn),
    reader: await withToken(['post:read']),
    scopeless: await withToken([]),
    former: await holder('former', everything, new Date(harness.clock.now().getTime() + minutes(1))),
  });
  harness.clock.advance(minutes(1));
});

const none = 'UNAUTHENTICATED';
const no = 'FORBIDDEN';
const hidden = 'NOT_FOUND';
const yes = undefined;
type Code = string | undefined;

const posts = {
  news: { category: 'news', published: true },
  draft: { category: 'news', published: false },
  sport: { category: 'sport', published: true },
} as const;
type PostKind = keyof typeof posts;

/** Outcomes of actions on the author's posts: update, publish, unpublish, delete, comment. */
// biome-ignore format: a table is read by its columns
const ofPosts: Record<string, Record<PostKind, [Code, Code, Code, Code, Code]>> = {
  anonymous:     { news: [none, none, none, none, none], draft: [none, none, none, none, none],           sport: [none, none, none, none, none] },
  author:        { news: [yes, yes, yes, yes, yes],      draft: [yes, yes, yes, yes, yes],                sport: [yes, yes, yes, yes, yes] },
  other:         { news: [no, no, no, no, yes],          draft: [hidden, hidden, hidden, hidden, hidden], sport: [no, no, no, no, yes] },
  editor:        { news: [yes, no, no, no, yes],         draft: [hidden, hidden, hidden, hidden, hidden], sport: [no, no, no, no, yes] },
  reviewer:      { news: [no, no, no, no, yes],          draft: [no, yes, yes, no, yes],                  sport: [no, no, no, no, yes] },
  moderator:     { news: [yes, yes, yes, yes, yes],      draft: [yes, yes, yes, yes, yes],                sport: [yes, yes, yes, yes, yes] },
  administrator: { news: [yes, yes, yes, yes, yes],      draft: [yes, yes, yes, yes, yes],                sport: [yes, yes, yes, yes, yes] },
  token:         { news: [yes, yes, yes, yes, yes],      draft: [yes, yes, yes, yes, yes],                sport: [yes, yes, yes, yes, yes] },
  reader:        { news: [no, no, no, no, no],           draft: [no, no, no, no, no],                     sport: [no, no, no, no, no] },
  scopeless:     { news: [no, no, no, no, no],           draft: [no, no, no, no, no],                     sport: [no, no, no, no, no] },
  former:        { news: [no, no, no, no, yes],          draft: [hidden, hidden, hidden, hidden, hidden], sport: [no, no, no, no, yes] },
};

const deeds = [
  ['updatePost', 'viewerCanUpdate', { title: 'Another title' }],
  ['publishPost', 'viewerCanPublish', {}],
  ['unpublishPost', 'viewerCanPublish', {}],
  ['deletePost', 'viewerCanDelete', {}],
  ['createComment', 'viewerCanComment', { body: 'A comment' }],
] as const;

const cells = Object.entries(ofPosts).flatMap(([caller, kinds]) =>
  Object.entries(kinds).flatMap(([kind, codes]) =>
    deeds.map(([name, field, input], i) => ({ caller, kind: kind as PostKind, name, field, input, code: codes[i] })),
  ),
);

describe('posts', () => {
  test.each(cells)('$name of $kind by $caller', async ({ caller, kind, name, field, input, code }) => {
    const client = callers[caller] as Client;
    const postId = await writePost(author, posts[kind]);
    const before = await client.ask(`{ post(id: "${postId}") { ${field} } }`);
    expect(before.codes).toEqual([]);
    const isReadable = kind !== 'draft' || !['anonymous', 'other', 'editor', 'former', 'scopeless'].includes(caller);
    expect(before.data['post'] !== null).toBe(isReadable);
    const outcome = await outcomeOf(client, name, { postId, ...input });
    expect(outcome).toBe(code);
    if (isReadable) expect(before.data['post']?.[field]).toBe(outcome === undefined);
  });
});

/** Outcomes of actions on the commenter's comment on the author's post: update, delete. */
const ofComments: Record<string, [Code, Code]> = {
  anonymous: [none, none],
  author: [no, no],
  commenter: [yes, yes],
  other: [no, no],
  moderator: [no, yes],
  administrator: [yes, yes],
  token: [no, no],
  scopeless: [no, no],
  former: [no, no],
};

describe('comments', () => {
  const rows = Object.entries(ofComments).flatMap(([caller, codes]) =>
    (['updateComment', 'deleteComment'] as const).map((name, i) => ({ caller, name, code: codes[i] })),
  );
  test.each(rows)('$name by $caller', async ({ caller, name, code }) => {
    const client = caller === 'commenter' ? commenter : (callers[caller] as Client);
    const postId = await writePost(author, { published: true });
    const commentId = await comment(commenter, postId);
    const { data } = await client.ask(
      `{ post(id: "${postId}") { comments { nodes { viewerCanUpdate viewerCanDelete } } } }`,
    );
    const field = name === 'updateComment' ? 'viewerCanUpdate' : 'viewerCanDelete';
    const input = { commentId, ...(name === 'updateComment' && { body: 'Another' }) };
    const outcome = await outcomeOf(client, name, input);
    expect(outcome).toBe(code);
    expect(data['post']?.['comments']?.['nodes']?.[0]?.[field]).toBe(outcome === undefined);
  });

  test('a comment on a post that was taken back is there for whoever may read the post', async () => {
    const postId = await writePost(author, { published: true });
    const commentId = await comment(commenter, postId);
    await author.mutate('unpublishPost', { postId }, 'post { id }');
    expect(await outcomeOf(commenter, 'updateComment', { commentId, body: 'a' })).toBe(hidden);
    expect((await commenter.ask(`{ node(id: "${commentId}") { id } }`)).data['node']).toBeNull();
    expect(await outcomeOf(callers['moderator'] as Client, 'deleteComment', { commentId })).toBe(yes);
  });
});

describe('creating', () => {
  const byCaller: [caller: string, draft: Code, published: Code][] = [
    ['anonymous', none, none],
    ['author', yes, yes],
    ['administrator', yes, yes],
    ['token', yes, yes],
    ['reader', no, no],
    ['scopeless', no, no],
  ];
  test.each(byCaller)('by %s', async (caller, draft, published) => {
    const create = (isPublished: boolean) =>
      outcomeOf(callers[caller] as Client, 'createPost', { title: 'a', body: 'b', published: isPublished });
    expect([await create(false), await create(true)]).toEqual([draft, published]);
  });

  test('published at once takes the right to publish', async () => {
    const writer = harness.client();
    writer.token = (await makeToken(author, ['post:create'])).token;
    const create = (published: boolean) => outcomeOf(writer, 'createPost', { title: 'a', body: 'b', published });
    expect([await create(false), await create(true)]).toEqual([yes, no]);
  });

  test('within conditions on what is made', async () => {
    const reporter = await harness.person('reporter');
    await harness.app.services.database.sql.rows(
      `delete from role_grants where user_id = $1 and role_id = (select id from roles where name = 'user')`,
      [String(reporter.userId)],
    );
    await giveRole(harness, reporter.userId, 'reporter', [
      { permission: 'post:create', conditions: { category: 'news', published: false } },
      { permission: 'post:publish' },
    ]);
    const create = (category: string | null, published: boolean) =>
      outcomeOf(reporter, 'createPost', { title: 'a', body: 'b', category, published });
    expect(await create('news', false)).toBe(yes);
    for (const [category, published] of [
      ['sport', false],
      [null, false],
      ['news', true],
    ] as const)
      expect(await create(category, published)).toBe(no);
  });
});

describe('a change of category', () => {
  const change = async (from: string, category: string | null) => {
    const postId = await writePost(author, { category: from, published: true });
    const outcome = await outcomeOf(callers['editor'] as Client, 'updatePost', { postId, category });
    const { data } = await author.ask(`{ post(id: "${postId}") { category } }`);
    return [outcome, data['post']?.['category']];
  };
  test('brings nothing out of what may be changed', async () => {
    expect(await change('news', 'sport')).toEqual([no, 'news']);
    expect(await change('news', null)).toEqual([no, 'news']);
  });
  test('nor into it', async () => expect(await change('sport', 'news')).toEqual([no, 'sport']));
  test('within it is made', async () => expect(await change('news', ' NEWS ')).toEqual([yes, 'news']));
});

test('a right taken away is gone with the next change', async () => {
  const helper = await harness.person('helper');
  const roleId = await giveRole(harness, helper.userId, 'helper', [{ permission: 'post:update' }]);
  const postId = await writePost(author, { published: true });
  expect(await outcomeOf(helper, 'updatePost', { postId, title: 'a' })).toBe(yes);
  const admin = callers['administrator'] as Client;
  await admin.mutate('revokeRole', { userId: helper.userId, roleId }, 'grant { id }');
  expect(await outcomeOf(helper, 'updatePost', { postId, title: 'b' })).toBe(no);
});
