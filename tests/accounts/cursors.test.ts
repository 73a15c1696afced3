import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Client, Json } from '../support/client.js';
import { Harness } from '../support/harness.js';
import { seeded } from '../support/seeded.js';

let harness: Harness;
let admin: Client;
beforeAll(async () => {
  harness = await Harness.start({ RATE_LIMIT_QUERY: '100000/1m' });
  admin = await harness.admin();
});
afterAll(() => {
  expect(harness.logged.join('')).not.toMatch(/"level":50|syntax error/);
  return harness.close();
});

const fields = ['USERNAME', 'EMAIL', 'CREATED_AT', 'LAST_LOGIN_AT'];
const orders = fields.flatMap((field) => ['ASC', 'DESC'].map((direction) => ({ field, direction })));
type Order = (typeof orders)[number];

/**
 * Five users each share an instant, and every other user has never signed in, so that every order needs its
 * tie-breaker.
 */
const insert = `
  insert into users (id, username, email, password_hash, password_changed_at, created_at, last_login_at)
  select gen_random_uuid(), $1 || lpad(i::text, 3, '0'), $1 || i || '@example.com', 'x', now(),
    timestamptz '2020-01-01' + (i / 5) * interval '1 day',
    case when i % 2 = 0 then timestamptz '2021-01-01' + (i / 5) * interval '1 hour' end
  from generate_series(1, 40) i`;
const sql = (text: string, values: readonly string[] = []) =>
  harness.app.services.database.sql.rows<{ id: string; username: string }>(text, values);

const query = `query ($first: Int, $last: Int, $after: String, $before: String, $orderBy: UserOrder) {
  users(first: $first, last: $last, after: $after, before: $before, orderBy: $orderBy) {
    nodes { username } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;

async function pageOf(variables: Record<string, unknown>) {
  const { codes, data } = await admin.ask(query, variables);
  expect(codes).toEqual([]);
  const users = data['users'] as Json;
  const info = users['pageInfo'] as unknown as Record<string, string | boolean | null>;
  return { names: (users['nodes'] as unknown as Json[]).map(({ username }) => String(username)), info };
}

/** Reads all pages, and calls `between` after each. */
async function walk(orderBy: Order, backward: boolean, between: (page: number) => Promise<unknown>): Promise<string[]> {
  const [size, side, edge, more] = backward
    ? (['last', 'before', 'startCursor', 'hasPreviousPage'] as const)
    : (['first', 'after', 'endCursor', 'hasNextPage'] as const);
  const seen: string[] = [];
  for (let place: unknown, page = 0; ; page += 1) {
    const { names, info } = await pageOf({ [size]: 7, orderBy, ...(place ? { [side]: place } : {}) });
    seen.push(...(backward ? names.reverse() : names));
    if (!info[more]) return seen;
    place = info[edge];
    await between(page);
  }
}

describe.each(orders)('by $field $direction', (orderBy) => {
  test.each([false, true])(
    'nothing that stays is skipped or doubled while others come and go; backward: %s',
    async (backward) => {
      await sql(`delete from users where username ~ '^(stays|goes|comes)'`);
      await sql(insert, ['stays']);
      await sql(insert, ['goes']);
      const seen = await walk(orderBy, backward, async (page) => {
        // Changes rows before and after the cursor, including the row that the cursor points to.
        await sql(`delete from users where username like 'goes%' and right(username, 1) = $1`, [String(page % 10)]);
        await sql(insert.replace('generate_series(1, 40)', 'generate_series($2::int, 40, 7)'), [
          `comes${page}.`,
          String(page + 1),
        ]);
      });
      const stayed = seen.filter((name) => name.startsWith('stays'));
      expect(stayed).toHaveLength(40);
      expect(new Set(seen).size).toBe(seen.length);
    },
  );

  test('the row a cursor stands on may be gone', async () => {
    await sql(`delete from users where username ~ '^(stays|goes|comes)'`);
    await sql(insert, ['stays']);
    const all = (await pageOf({ first: 100, orderBy })).names;
    const { info, names } = await pageOf({ first: 10, orderBy });
    await sql(`delete from users where username = $1 and username like 'stays%'`, [names[9] ?? '']);
    expect((await pageOf({ first: 10, orderBy, after: info['endCursor'] })).names).toEqual(all.slice(10, 20));
    expect((await pageOf({ last: 100, orderBy, before: info['endCursor'] })).names).toEqual(all.slice(0, 9));
  });
});

const written = (...place: unknown[]): string => Buffer.from(JSON.stringify(place)).toString('base64url');

/** Texts that PostgreSQL reads as an instant, that nearly are one, or that try to break out of the query. */
const values = [
  'now',
  'today',
  'infinity',
  '-infinity',
  'epoch',
  'allballs',
  'J2451187',
  '2020-01-01',
  '2020-01-01 00:00 Mars/Phobos',
  '2020-01-01 00:00+99:99',
  '2020-01-01 00:00+15:60',
  '294277-01-01',
  '4714-01-01 BC',
  '4713-01-01 BC',
  '2020-02-30',
  '24:00:01',
  '1e400',
  'NaN',
  '',
  ' ',
  '\t',
  '%',
  '\\',
  "'",
  "''",
  '";',
  '$1',
  '$$',
  "') or true --",
  "'::timestamptz or 1=1 --",
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udc00x',
  '\uffff',
  '😀',
  'ß',
  '{}',
  '[]',
  'null',
  'x'.repeat(600),
  '9'.repeat(300),
];
const uuids = [
  randomUUID().toUpperCase(),
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
];

async function isHonest(cursor: string): Promise<void> {
  for (const { field, direction } of orders)
    for (const page of [
      { first: 3, after: cursor },
      { last: 3, before: cursor },
    ]) {
      const { codes } = await admin.ask(query, { ...page, orderBy: { field, direction } });
      expect([[], ['BAD_USER_INPUT']]).toContainEqual(codes);
    }
}

describe('a cursor that nobody was given', () => {
  test.each(values)('with the value %j is refused or a place, never a failure', (value) =>
    isHonest(written(value, randomUUID())),
  );

  test.each(uuids)('with the id %j is a place', (id) => isHonest(written('2020-01-01', id)));

  test.each(['', 'x', 'null', randomUUID().slice(1), `${randomUUID()}\u0000`, `{${randomUUID()}}`, "' or 1=1 --"])(
    'with the id %j is refused',
    async (id) => {
      for (const orderBy of orders)
        expect((await admin.ask(query, { first: 3, after: written('2020-01-01', id), orderBy })).codes).toEqual([
          'BAD_USER_INPUT',
        ]);
    },
  );

  test('of any make is refused or a place, never a failure', async () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string(),
      fc.date({ noInvalidDate: true }).map(String),
      fc.json(),
    );
    const place = fc.oneof(
      fc.tuple(value, fc.uuid()).map((pair) => written(...pair)),
      fc.anything().map((thing) => written(thing, randomUUID())),
      fc.jsonValue().map((thing) => Buffer.from(JSON.stringify(thing)).toString('base64url')),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
      fc.string(),
    );
    await seeded(fc.asyncProperty(place, isHonest), 40);
  });
});
