import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { attributesOfPost } from '../../src/content/attributes.js';
import { postsByIds } from '../../src/content/post-rows.js';
import type { Conditions } from '../../src/policy/conditions.js';
import { arbitraryConditions, ids as authorIds, placeholder, vocabulary } from '../support/arbitrary-conditions.js';
import type { Client, Json } from '../support/client.js';
import { comment, giveRole, idsOf, outcomeOf, writePost } from '../support/content.js';
import { Harness, password } from '../support/harness.js';
import { seeded } from '../support/seeded.js';
import { statementsOf } from '../support/statements.js';

const pageFields = 'totalCount nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

async function page(client: Client, args: string): Promise<Json> {
  const { data, errors } = await client.ask(`{ posts(${args}) { ${pageFields} } }`);
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return data['posts'] as Json;
}

async function walk(client: Client, filter: string, size: number, forward: boolean): Promise<string[][]> {
  const [count, cursor, edge, more] = forward
    ? ['first', 'after', 'endCursor', 'hasNextPage']
    : ['last', 'before', 'startCursor', 'hasPreviousPage'];
  const pages: string[][] = [];
  for (let place = ''; ; ) {
    const connection = await page(client, `${filter} ${count}: ${size} ${place && `${cursor}: "${place}"`}`);
    pages.push(idsOf(connection));
    if (!connection['pageInfo']?.[more]) return pages;
    place = String(connection['pageInfo']?.[edge]);
  }
}

/** Conditions on values that posts have, so that most conditions match some posts. */
const clause = fc.oneof(
  fc.constantFrom({ authorId: placeholder('user.id') }, { authorId: authorIds[1] }, { publishedAt: null }),
  fc.constantFrom(...vocabulary.category, null).map((category) => ({ category })),
  fc.subarray([...vocabulary.category, null], { minLength: 1 }).map(($in) => ({ category: { $in } })),
  fc
    .tuple(
      fc.constantFrom('createdAt', 'updatedAt', 'publishedAt'),
      fc.constantFrom('$lt', '$lte', '$gt', '$gte', '$ne', '$eq'),
      fc.constantFrom(...vocabulary.createdAt),
    )
    .map(([attribute, operator, instant]) => ({ [attribute]: { [operator]: instant } })),
) as fc.Arbitrary<Conditions>;
const several = fc.array(clause, { minLength: 1, maxLength: 3 });
const aboutPosts = fc.oneof(
  arbitraryConditions,
  clause,
  several.map(($or) => ({ $or })),
  several.map(($and) => ({ $and })),
  several.map(($or) => ({ $not: { $or } })),
  fc.tuple(arbitraryConditions, clause).map(($or) => ({ $or })),
) as fc.Arbitrary<Conditions>;

describe('lists hold what the caller may read', () => {
  let harness: Harness;
  let ann: Client;
  let roleId: string;
  beforeAll(async () => {
    harness = await Harness.start();
    const { sql } = harness.app.services.database;
    // Their ids occur in the conditions.
    for (const [i, name] of ['ann', 'bob'].entries()) {
      const { userId } = await harness.person(name);
      await sql.rows('delete from role_grants where user_id = $1', [String(userId)]);
      await sql.rows('update users set id = $2 where id = $1', [String(userId), authorIds[i] ?? '']);
    }
    ann = harness.client();
    await ann.login('ann', password);
    roleId = await giveRole(harness, ann.userId, 'reader', [{ permission: 'post:read', conditions: {} }]);
    const categories = [...vocabulary.category.filter((category) => category.length < 20), null];
    const { createdAt: instants } = vocabulary;
    for (let n = 0; n < 60; n += 1)
      await sql.rows(
        `insert into posts (id, author_id, title, body, category, published, created_at, updated_at, published_at)
         values (gen_random_uuid(), $1, 'T', 'B', $2, $3, $4::timestamptz + $5 * interval '1 microsecond', $4, $6)`,
        [
          authorIds[n % 2] ?? '',
          categories[n % categories.length] ?? null,
          n % 3 === 0,
          instants[n % instants.length] ?? '',
          n % 4,
          n % 5 === 0 ? null : (instants[(n + 1) % instants.length] ?? null),
        ],
      );
  });

  test('for any conditions a field says whether the mutation would be done', async () => {
    const { database, signals } = harness.app.services;
    await giveRole(harness, ann.userId, 'whoever reads', [{ permission: 'post:read' }]);
    const other = await giveRole(harness, ann.userId, 'changer', [
      { permission: 'post:update', conditions: {} },
      { permission: 'post:publish', conditions: {} },
    ]);
    const rows = await database.sql.rows<{ id: string; published: boolean }>('select id, published from posts');
    const tried: boolean[] = [];
    const property = fc.asyncProperty(aboutPosts, fc.constantFrom(...rows), async (conditions, post) => {
      await database.sql.rows('update permissions set conditions = $2::jsonb where role_id = $1', [
        other,
        JSON.stringify(conditions),
      ]);
      signals.announce('roles');
      const { data } = await ann.ask(`{ post(id: "${post.id}") { viewerCanUpdate viewerCanPublish } }`);
      const publish = post.published ? 'publishPost' : 'unpublishPost';
      const input = { postId: post.id };
      const updated = (await outcomeOf(ann, 'updatePost', input)) === undefined;
      expect(data['post']).toEqual({
        viewerCanUpdate: updated,
        viewerCanPublish: (await outcomeOf(ann, publish, input)) === undefined,
      });
      tried.push(updated);
    });
    await seeded(property, 40);
    expect(new Set(tried).size).toBe(2);
    await database.sql.rows('delete from role_grants where role_id <> $1 and user_id = $2', [
      roleId,
      String(ann.userId),
    ]);
    harness.app.services.principals.forgetUser(String(ann.userId));
  }, 120_000);

  test('for any conditions, on all pages in both directions, and in the count', async () => {
    const { database, signals, principals } = harness.app.services;
    const rows = await database.sql.rows<{ id: string }>('select id from posts order by created_at desc, id desc');
    const all = (
      await postsByIds(
        database.sql,
        rows.map(({ id }) => id),
      )
    ).filter((post) => post !== undefined);
    let some = 0;
    const property = fc.asyncProperty(aboutPosts, fc.integer({ min: 1, max: 40 }), async (conditions, size) => {
      await database.sql.rows('update permissions set conditions = $2::jsonb where role_id = $1', [
        roleId,
        JSON.stringify(conditions),
      ]);
      signals.announce('roles');
      const caller = await principals.bySession(String(ann.sessionId));
      const expected = all
        .filter((post) => post.published || caller?.rights.may('post:read', attributesOfPost(post)))
        .map(({ id }) => id);
      if (expected.length > 20 && expected.length < 60) some += 1;
      expect((await walk(ann, '', size, true)).flat()).toEqual(expected);
      expect((await walk(ann, '', size, false)).reverse().flat()).toEqual(expected);
      expect((await page(ann, 'first: 1'))['totalCount']).toBe(expected.length);
      const drafts = all.filter((post) => !post.published && expected.includes(post.id)).map(({ id }) => id);
      expect(idsOf(await page(ann, 'published: false first: 100'))).toEqual(drafts);
    });
    await seeded(property, 40);
    // Many conditions matched some posts but not all.
    expect(some).toBeGreaterThan(5);
  }, 120_000);
});

describe('pages', () => {
  let harness: Harness;
  let ada: Client;
  let eve: Client;
  let adas: string[];
  const published = new Set<string>();
  beforeAll(async () => {
    harness = await Harness.start();
    [ada, eve] = [await harness.person('ada'), await harness.person('eve')];
    adas = [];
    for (let n = 0; n < 12; n += 1) {
      const category = n % 3 === 0 ? 'news' : null;
      const id = await writePost(ada, { title: `Post ${n}`, category, published: n % 2 === 0 });
      adas.unshift(id);
      if (n % 2 === 0) published.add(id);
      harness.clock.advance(1000);
    }
  });

  const publicOnes = () => adas.filter((id) => published.has(id));

  test('are newest first and without doubles, for each their own', async () => {
    for (const size of [1, 5, 100])
      for (const [client, expected] of [
        [ada, adas],
        [eve, publicOnes()],
        [harness.client(), publicOnes()],
      ] as const) {
        expect((await walk(client, '', size, true)).flat()).toEqual(expected);
        expect((await walk(client, '', size, false)).reverse().flat()).toEqual(expected);
        expect((await page(client, `first: ${size}`))['totalCount']).toBe(expected.length);
      }
  });

  test('by category, in any case; one that cannot be finds nothing', async () => {
    for (const client of [harness.client(), eve]) {
      const news = await page(client, 'category: " NEWS "');
      expect([news['totalCount'], idsOf(news)]).toEqual([2, [adas[5], adas[11]]]);
      for (const category of ['sport', '', 'a b', 'x'.repeat(1000), "' or 1=1 --"])
        expect(await page(client, `category: ${JSON.stringify(category)}`)).toMatchObject({ totalCount: 0, nodes: [] });
    }
    expect((await page(ada, 'category: "news"'))['totalCount']).toBe(4);
  });

  test('by author and by whether they are published', async () => {
    expect((await page(eve, `authorId: "${ada.userId}"`))['totalCount']).toBe(6);
    expect((await page(eve, `authorId: "${ada.userId?.toUpperCase()}"`))['totalCount']).toBe(6);
    expect((await page(eve, `authorId: "${eve.userId}"`))['totalCount']).toBe(0);
    expect((await page(eve, 'authorId: "-"'))['totalCount']).toBe(0);
    expect((await page(ada, 'published: false'))['totalCount']).toBe(6);
    expect((await page(ada, 'published: true'))['totalCount']).toBe(6);
    expect((await page(eve, 'published: false'))['totalCount']).toBe(0);
    expect((await page(harness.client(), 'published: false'))['totalCount']).toBe(0);
  });

  test('an offset jumps', async () => {
    for (const [client, expected] of [
      [ada, adas],
      [harness.client(), publicOnes()],
    ] as const) {
      expect(idsOf(await page(client, 'first: 2 offset: 3'))).toEqual(expected.slice(3, 5));
      expect(idsOf(await page(client, 'first: 2 offset: 2147483647'))).toEqual([]);
    }
  });

  test('keep their place while posts are published, taken back and deleted', async () => {
    const anonymous = harness.client();
    const before = (await walk(anonymous, '', 100, true)).flat();
    const first = await page(anonymous, 'first: 2');
    const end = String(first['pageInfo']?.['endCursor']);
    const [top, edge] = idsOf(first);
    const draft = adas.find((id) => !before.includes(id) && adas.indexOf(id) < adas.indexOf(String(top)));
    if (draft) await ada.mutate('publishPost', { postId: draft }, 'post { id }');
    await ada.mutate('unpublishPost', { postId: top }, 'post { id }');
    await ada.mutate('unpublishPost', { postId: edge }, 'post { id }');
    expect(idsOf(await page(anonymous, `first: 2 after: "${end}"`))).toEqual(before.slice(2, 4));
    const back = await page(anonymous, `last: 5 before: "${end}"`);
    expect(idsOf(back)).toEqual(draft ? [draft] : []);
    for (const postId of [top, edge]) await ada.mutate('publishPost', { postId }, 'post { id }');
    if (draft) await ada.mutate('unpublishPost', { postId: draft }, 'post { id }');
    const gone = String(before[3]);
    await ada.mutate('deletePost', { postId: gone }, 'deletedPostId');
    adas = adas.filter((id) => id !== gone);
    expect((await walk(anonymous, '', 2, true)).flat()).toEqual(before.filter((id) => id !== gone));
  });

  const forged: [string, string][] = [
    ['SQL', Buffer.from(JSON.stringify(["' or 1=1 --", authorIds[0]])).toString('base64url')],
    ['no instant', Buffer.from(JSON.stringify(['ada', authorIds[0]])).toString('base64url')],
    ['a far instant', Buffer.from(JSON.stringify(['999999-01-01', authorIds[0]])).toString('base64url')],
    ['no id', Buffer.from(JSON.stringify(['2020-01-01', 'x'])).toString('base64url')],
    ['garbage', '%%%'],
  ];
  test.each(forged)('refuse a cursor that is %s', async (_what, cursor) => {
    const postId = adas[0];
    for (const side of ['after', 'before'])
      for (const client of [ada, harness.client()]) {
        const { codes } = await client.ask(`{ posts(${side}: "${cursor}") { nodes { id } } }`);
        expect(codes).toEqual(['BAD_USER_INPUT']);
        const comments = await ada.ask(
          `{ post(id: "${postId}") { right: comments { totalCount } comments(${side}: "${cursor}") { nodes { id } } } }`,
        );
        expect(comments.codes).toEqual(['BAD_USER_INPUT']);
      }
  });
  test.each(['first: 0', 'first: 101', 'last: 0', 'first: 1 last: 1', 'offset: -1', 'last: 1 offset: 1'])(
    'refuse %s',
    async (args) => {
      for (const client of [ada, harness.client()])
        expect((await client.ask(`{ posts(${args}) { nodes { id } } }`)).codes).toEqual(['BAD_USER_INPUT']);
    },
  );

  test('take a number of statements that does not grow with them', async () => {
    for (const id of publicOnes()) {
      await comment(eve, id);
      await comment(ada, id);
    }
    const fields = `id title author { id username roles { name } statistics { postsCount } }
      viewerCanUpdate viewerCanPublish viewerCanDelete viewerCanComment
      comments(first: 5) { totalCount nodes { body author { username } viewerCanUpdate viewerCanDelete } }`;
    const admin = await harness.admin();
    const ask = (size: number) => async () => {
      const { codes, data } = await admin.ask(`{ posts(first: ${size}) { totalCount nodes { ${fields} } } }`);
      expect([codes, idsOf(data['posts']).length]).toEqual([[], size]);
    };
    const one = await statementsOf(harness, ask(2));
    expect(await statementsOf(harness, ask(11))).toBe(one);
  });
});
