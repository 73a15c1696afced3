import { beforeAll, expect, test } from '@jest/globals';
import type { Client, Json } from '../support/client.js';
import { Harness } from '../support/harness.js';
import { give, makeRole } from '../support/roles.js';

let harness: Harness;
let admin: Client;
let clerk: Client;
let nobody: Client;

/** With the signs that mean something elsewhere and that names may have: in SQL, in regular expressions. */
const odd = ['under_score', 'with.dot', 'with-dash', 'Ärztinnen'];
const desks = Array.from({ length: 25 }, (_, n) => `Desk ${String(n).padStart(2, '0')}`);

beforeAll(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
  [clerk, nobody] = [await harness.person('clerk'), await harness.person('nobody')];
  for (const [n, name] of desks.entries()) await makeRole(admin, { name, level: (n % 3) + 1 });
  for (const name of odd) await makeRole(admin, { name, level: 4 });
  const reads = await makeRole(admin, {
    name: 'Reads the low ones',
    level: 5,
    permits: [['role:read', { level: { $lte: 2 } }]],
  });
  await give(admin, clerk, reads);
});

const query = `query ($search: String, $first: Int, $after: String, $last: Int, $before: String) {
  rolesConnection(search: $search, first: $first, after: $after, last: $last, before: $before) {
    totalCount totalCountIsEstimate nodes { name level }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;

async function find(client: Client, variables: Record<string, unknown>): Promise<Json> {
  const { codes, data } = await client.ask(query, variables);
  expect(codes).toEqual([]);
  return data['rolesConnection'] as Json;
}
const namesIn = (page: Json) => (page['nodes'] as unknown as { name: string }[]).map(({ name }) => name);
const found = async (search: string | null, client = admin) => namesIn(await find(client, { search, first: 100 }));

test('a role is found by any part of its name, in either case', async () => {
  expect(await found('desk 07')).toEqual(['Desk 07']);
  expect(await found('SK 07')).toEqual(['Desk 07']);
  expect(await found('  07 ')).toEqual(['Desk 07']);
  expect(await found('ÄRZT')).toEqual(['Ärztinnen']);
  expect(await found('a role of another house')).toEqual([]);
  expect((await found('desk')).sort()).toEqual(desks);
});

test('an empty search leaves out nothing', async () => {
  const all = await found(null);
  expect(all.length).toBeGreaterThan(desks.length + odd.length);
  for (const search of ['', '   ']) expect(await found(search)).toEqual(all);
});

test.each([
  ['_', ['under_score']],
  ['.', ['with.dot']],
  ['-', ['with-dash']],
  ['desk_07', []],
  ['desk.07', []],
  ['%', []],
  ['desk%', []],
  ['\\', []],
  ['\\_', []],
  ['.*', []],
  ['^desk', []],
  ['(', []],
  ["' or true --", []],
  ['<b>desk</b>', []],
])('%j is searched for as it stands', async (search, expected) => {
  expect(await found(search)).toEqual(expected);
});

test('a search of 5,000 characters finds nothing, and one that PostgreSQL could not store is refused', async () => {
  expect(await found('desk '.repeat(1000))).toEqual([]);
  expect((await admin.ask(query, { search: '\0', first: 5 })).codes).toEqual(['BAD_USER_INPUT']);
});

test('what is found is paged by cursors, forward and backward, and counted', async () => {
  const whole = await found('desk');
  const walk = async (size: 'first' | 'last', place: 'after' | 'before', edge: string, more: string) => {
    const pages: string[][] = [];
    for (let cursor: string | null = null; ; ) {
      const page = await find(admin, { search: 'desk', [size]: 10, [place]: cursor });
      expect(page).toMatchObject({ totalCount: desks.length, totalCountIsEstimate: false });
      pages.push(namesIn(page));
      if (!page['pageInfo']?.[more]) return pages;
      cursor = String(page['pageInfo']?.[edge]);
    }
  };
  const forward = await walk('first', 'after', 'endCursor', 'hasNextPage');
  expect(forward.map((page) => page.length)).toEqual([10, 10, 5]);
  expect(forward.flat()).toEqual(whole);
  const backward = await walk('last', 'before', 'startCursor', 'hasPreviousPage');
  expect(backward.reverse().flat()).toEqual(whole);
});

test('a cursor of another search keeps its place in the order', async () => {
  const first = await find(admin, { search: 'desk', first: 5 });
  const after = first['pageInfo']?.['endCursor'];
  const rest = namesIn(await find(admin, { search: '0', first: 100, after }));
  const whole = await found('0');
  const last = namesIn(first)[4] as string;
  const all = await found(null);
  expect(rest).toEqual(whole.filter((name) => all.indexOf(name) > all.indexOf(last)));
  expect((await admin.ask(query, { search: 'desk', first: 5, after: 'garbage' })).codes).toEqual(['BAD_USER_INPUT']);
});

test('a search finds and counts what the caller may read alone', async () => {
  const low = desks.filter((_name, n) => n % 3 < 2);
  expect((await found('desk', clerk)).sort()).toEqual(low);
  expect(await find(clerk, { search: 'desk', first: 1 })).toMatchObject({ totalCount: low.length });
  expect(await found('%', clerk)).toEqual([]);
});

test('without the right to read roles it is refused, whatever is searched for', async () => {
  for (const search of [null, 'desk', 'a role of another house'])
    expect((await nobody.ask(query, { search, first: 5 })).codes).toEqual(['FORBIDDEN']);
  expect((await harness.client().ask(query, { search: 'desk', first: 5 })).codes).toEqual(['UNAUTHENTICATED']);
});
