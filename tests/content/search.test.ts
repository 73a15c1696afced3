import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildSchema, parse } from 'graphql';
import pg from 'pg';
import { checkCost } from '../../src/api/operation-cost.js';
import { contains } from '../../src/database/search-text.js';
import type { Client, Json } from '../support/client.js';
import { giveRole, idsOf } from '../support/content.js';
import { Harness } from '../support/harness.js';

const titles = {
  percent: '100% of it',
  under: 'a_b and a\\b',
  umlaut: 'Über die Brücke',
  cyrillic: 'Привет, мир',
  chinese: '小明的信',
  apostrophe: "O'Brien; drop table posts --",
  plain: 'The harbour at night',
} as const;
type Name = keyof typeof titles;

const searches: readonly (readonly [string, readonly Name[]])[] = [
  ['harbour', ['plain']],
  ['HARBOUR AT', ['plain']],
  // One or two letters are the beginning of a word.
  ['ha', ['plain']],
  ['ur', []],
  ['%', ['percent']],
  ['_', ['under']],
  ['a\\b', ['under']],
  ['über', ['umlaut']],
  ['BRU\u0308CKE', ['umlaut']],
  ['привет', ['cyrillic']],
  ['明', ['chinese']],
  ["o'brien; drop", ['apostrophe']],
  ['harbour\nat', []],
  ['body', []],
  ['nothing of the kind', []],
  ['', Object.keys(titles) as Name[]],
];

let harness: Harness;
let ada: Client;
const insert = `insert into posts (id, author_id, title, body, category, published, created_at, updated_at)
  values (gen_random_uuid(), $1, $2, 'A body', $3, $4, now() - $5 * interval '1 minute', now()) returning id`;
const ids = new Map<string, Name>();

beforeAll(async () => {
  harness = await Harness.start();
  ada = await harness.person('ada');
  for (const [name, title] of Object.entries(titles) as [Name, string][]) {
    const values = [String(ada.userId), title, null, true, 0];
    const [row] = await harness.app.services.database.sql.rows<{ id: string }>(insert, values);
    ids.set(String(row?.id), name);
  }
});
afterAll(() => harness.close());

async function found(client: Client, args: string, search: string): Promise<Json> {
  const query = `query ($search: String) { posts(search: $search ${args}) {
    totalCount nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;
  const { data, codes } = await client.ask(query, { search });
  expect(codes).toEqual([]);
  return data['posts'] as Json;
}

test.each(searches)('%j finds %j', async (search, expected) => {
  expect(harness.app.services.searchIndex.serves('posts')).toBe(true);
  const posts = await found(harness.client(), 'first: 100', search);
  expect(
    idsOf(posts)
      .map((id) => ids.get(id))
      .sort(),
  ).toEqual([...expected].sort());
  expect(posts['totalCount']).toBe(expected.length);
});

const throughIndex = searches.filter(([search]) => search !== '' && !search.includes('\n'));
test.each(throughIndex)('%j finds %j through the index, too', async (search, expected) => {
  const client = new pg.Client(harness.databaseUrl);
  await client.connect();
  try {
    for (const way of ['seqscan', 'indexscan']) await client.query(`set enable_${way} = off`);
    const text = `select p.id from posts p where ${contains('posts', search, true, () => '$1')}`;
    const { rows } = await client.query(text, [search.normalize('NFC')]);
    expect(rows.map(({ id }) => ids.get(id)).sort()).toEqual([...expected].sort());
  } finally {
    await client.end();
  }
});

test('the index serves a search', async () => {
  const client = new pg.Client(harness.databaseUrl);
  await client.connect();
  try {
    await client.query('set enable_seqscan = off');
    const text = `explain select id from posts p where ${contains('posts', 'harbour', true, () => '$1')}`;
    expect(JSON.stringify((await client.query(text, ['harbour'])).rows)).toContain('posts_search_index');
  } finally {
    await client.end();
  }
});

test('pages go on behind the cursor in both directions, with other filters, and hold what the caller may read', async () => {
  const { sql } = harness.app.services.database;
  for (let n = 0; n < 40; n += 1)
    await sql.rows(insert, [String(ada.userId), `Ferry ${n}`, n % 2 ? 'news' : 'sports', n % 4 < 2, Math.floor(n / 3)]);
  const expected = async (where: string) =>
    (
      await sql.rows<{ id: string }>(
        `select id from posts where title like 'Ferry%' and ${where} order by created_at desc, id desc`,
      )
    ).map(({ id }) => id);
  const walk = async (client: Client, filter: string) => {
    const [forward, backward]: [string[], string[]] = [[], []];
    for (let after = ''; ; ) {
      const posts = await found(client, `${filter} first: 3 ${after}`, 'FERRY');
      forward.push(...idsOf(posts));
      if (!posts['pageInfo']?.['hasNextPage']) break;
      after = `after: "${posts['pageInfo']['endCursor']}"`;
    }
    for (let before = ''; ; ) {
      const posts = await found(client, `${filter} last: 3 ${before}`, 'FERRY');
      backward.unshift(...idsOf(posts));
      if (!posts['pageInfo']?.['hasPreviousPage']) break;
      before = `before: "${posts['pageInfo']['startCursor']}"`;
    }
    expect(backward).toEqual(forward);
    expect((await found(client, filter, 'ferry'))['totalCount']).toBe(forward.length);
    return forward;
  };
  const eve = await harness.person('eve');
  expect(await walk(harness.client(), '')).toEqual(await expected('published'));
  expect(await walk(eve, 'category: "news"')).toEqual(await expected(`published and category = 'news'`));
  expect(await walk(eve, 'published: false')).toEqual([]);
  await giveRole(harness, eve.userId, 'sports desk', [{ permission: 'post:read', conditions: { category: 'sports' } }]);
  expect(await walk(eve, '')).toEqual(await expected(`(published or category = 'sports')`));
  expect(await walk(ada, '')).toEqual(await expected('true'));
});

test('a search does not fill the memory of what everyone may read', async () => {
  const { publicPosts } = harness.app.services;
  await found(harness.client(), '', '');
  const before = publicPosts.cacheUse;
  for (let n = 0; n < 5; n += 1) await found(harness.client(), 'published: true', `term ${n}`);
  expect(publicPosts.cacheUse).toEqual(before);
});

test('a search costs, and one that the index cannot serve costs more', async () => {
  const schema = buildSchema(await readFile('schema.graphql', 'utf8'));
  const document = parse('query ($search: String) { posts(search: $search) { nodes { id } } }');
  const fixed = (search: string) => checkCost(schema, { document, variables: { search } })?.fixed ?? 0;
  expect(fixed('')).toBe(0);
  expect(fixed('harbour')).toBeGreaterThan(0);
  expect(fixed('q')).toBeGreaterThan(fixed('harbour'));
});
