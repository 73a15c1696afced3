import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { SearchIndex } from '../../src/database/search-index.js';
import { contains } from '../../src/database/search-text.js';
import type { Client, Json } from '../support/client.js';
import { Harness } from '../support/harness.js';
import { administer, serverOf, withDatabase } from '../support/postgres.js';

type Person = readonly [username: string, firstName: string | null, lastName: string | null];

const people: readonly Person[] = [
  ['percent', '100%', null],
  ['under_score', 'Back\\slash', '50%_off'],
  ['umlaut', 'ÜNAL', 'Şahin'],
  ['cyrillic', 'Иван', 'ПЕТРОВ'],
  ['greek', 'Μαρία', 'ΩΜΕΓΑ'],
  ['chinese', '小明', '王'],
  ['emoji', '😀 Smile', null],
  ['decomposed', 'Zoë'.normalize('NFC'), 'café'.normalize('NFC')],
  ['octal', '303234', null],
  ['ligature', 'ﬁona', null],
  ['fullwidth', null, null],
  ['quoted', "O'Brien", '"; drop table users; --'],
  ['first.last', 'Anna', 'Bell'],
];

/** Search terms and the users that they find. */
const searches: readonly (readonly [string, readonly string[]])[] = [
  ['%', ['percent', 'under_score']],
  ['_', ['under_score']],
  ['\\', ['under_score']],
  ['\\%', []],
  ['%_', ['under_score']],
  ['0%_o', ['under_score']],
  ['k\\S', ['under_score']],
  ['ünal', ['umlaut']],
  ['ÜNAL', ['umlaut']],
  ['U\u0308nal', ['umlaut']],
  ['ü', ['umlaut']],
  ['ŞAHİN'.replace('İ', 'I'), ['umlaut']],
  ['иван', ['cyrillic']],
  ['петр', ['cyrillic']],
  ['ПЕТР', ['cyrillic']],
  ['ив', ['cyrillic']],
  ['и', ['cyrillic']],
  ['ωμεγα', ['greek']],
  ['小', ['chinese']],
  ['王', ['chinese']],
  ['😀', ['emoji']],
  ['ZOË', ['decomposed']],
  ['cafe\u0301', ['decomposed']],
  ['303', ['octal']],
  ['ﬁona', ['ligature']],
  ['ＦＵＬＬwidth', ['fullwidth']],
  ["o'b", ['quoted']],
  ['drop table', ['quoted']],
  ["' or 1=1 --", []],
  ['annabell', []],
  ['b', ['first.last', 'quoted', 'under_score']],
  ['be', ['first.last']],
  ['el', []],
  ['sc', ['under_score']],
  ['t.', []],
  ['.l', ['first.last']],
  ["O'", ['quoted']],
  ['first.last', ['first.last']],
  ['first.last@', []],
  ['Anna\nBell', []],
  ['\n', []],
  ['t.l', ['first.last']],
  ['@', people.map(([username]) => username)],
  ['SEARCH.Example', people.map(([username]) => username)],
];

const insert = `
  insert into users (id, username, email, first_name, last_name, password_hash, password_changed_at, created_at)
  values (gen_random_uuid(), $1, encode(convert_to($1, 'UTF8'), 'hex') || '@search.example', $2, $3, 'x', now(), now())`;

async function fill({ app }: Harness): Promise<void> {
  const { sql } = app.services.database;
  for (const person of people) await sql.rows(insert, person);
}

async function found(client: Client, search: string): Promise<string[]> {
  const query = `query ($search: String) { users(search: $search, first: 100, filter: { isAdmin: false }) {
    totalCount nodes { username } } }`;
  const { codes, data } = await client.ask(query, { search });
  expect(codes).toEqual([]);
  const users = data['users'] as Json;
  const names = (users['nodes'] as unknown as Json[]).map(({ username }) => String(username));
  expect(users['totalCount']).toBe(names.length);
  return names.sort();
}

/** Names of prepared statements on the reading connections; all of them must be idle. */
async function prepared({ app }: Harness): Promise<string[]> {
  const { pool } = app.services.database.sql;
  const clients = await Promise.all(Array.from({ length: pool.options.max }, () => pool.connect()));
  const answers = await Promise.all(
    clients.map((client) => client.query('select statement from pg_prepared_statements')),
  );
  for (const client of clients) client.release();
  return answers.flatMap(({ rows }) => rows.map(({ statement }) => String(statement)));
}

const lines = (harness: Harness) => harness.logged.filter((line) => line.includes('pg_trgm'));

describe('with the extension', () => {
  let harness: Harness;
  let admin: Client;
  const sql = (text: string, values: readonly string[] = []) =>
    harness.app.services.database.sql.rows<Record<string, unknown>>(text, values);
  beforeAll(async () => {
    harness = await Harness.start();
    admin = await harness.admin();
    await fill(harness);
  });
  afterAll(() => harness.close());

  test.each(searches)('%j finds %j', async (search, expected) => {
    expect(harness.app.services.searchIndex.serves('users')).toBe(true);
    expect(lines(harness)).toEqual([]);
    expect(await found(admin, search)).toEqual([...expected].sort());
  });

  const oneLine = searches.filter(([search]) => !search.includes('\n'));
  test.each(oneLine)('%j finds %j through the index, too', async (search, expected) => {
    const client = new pg.Client(harness.databaseUrl);
    await client.connect();
    try {
      for (const way of ['seqscan', 'indexscan']) await client.query(`set enable_${way} = off`);
      const text = `select u.username from users u where ${contains('users', search, true, () => '$1')} and not u.is_admin`;
      const { rows } = await client.query(text, [search.normalize('NFC')]);
      const spelled = await client.query(text, [search.normalize('NFKC')]);
      const names = new Set([...rows, ...spelled.rows].map(({ username }) => username));
      expect([...names].sort()).toEqual([...expected].sort());
    } finally {
      await client.end();
    }
  });

  test.each(['иван', 'ÜN', '王', 'percent', 'under_', 'er_s', "o'brien", 'x', 'Xq', '.l', "o'"])(
    'the index serves %j',
    async (search) => {
      const client = new pg.Client(harness.databaseUrl);
      await client.connect();
      try {
        await client.query('set enable_seqscan = off');
        const text = `explain select id from users u where ${contains('users', search, true, () => '$1')}`;
        const { rows } = await client.query(text, [search]);
        const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
        expect(plan).toContain('users_search_index');
      } finally {
        await client.end();
      }
    },
  );

  test('a search is planned for its own term each time, a plain page is prepared', async () => {
    for (let n = 0; n < 8; n += 1) {
      await found(admin, `term ${n}`);
      await admin.ask('{ users(filter: { isLocked: false, role: "user" }) { totalCount nodes { username } } }');
      await admin.ask('{ users(first: 3) { nodes { username } } }');
    }
    const texts = await prepared(harness);
    expect(texts.filter((text) => /strpos|attempts a where a.user_id|g.role_id =/.test(text))).toEqual([]);
    expect(texts.some((text) => text.includes('order by u.created_at'))).toBe(true);
  });

  const ready = `select indisvalid as "isValid" from pg_index where indexrelid = to_regclass('users_search_index')`;

  test('of several processes that start at once one makes the index', async () => {
    await sql('drop index users_search_index');
    const apps = await Promise.all([harness.another(), harness.another(), harness.another()]);
    expect(apps.map(({ services }) => services.searchIndex.serves('users'))).toEqual([true, true, true]);
    expect(await sql(ready)).toEqual([{ isValid: true }]);
    expect(lines(harness)).toEqual([]);
  });

  test('an index whose making was interrupted is made again', async () => {
    await sql(`update pg_index set indisvalid = false where indexrelid = 'users_search_index'::regclass`);
    const { services } = await harness.another();
    expect(services.searchIndex.serves('users')).toBe(true);
    expect(await sql(ready)).toEqual([{ isValid: true }]);
  });

  test('an extension in a schema of its own will do', async () => {
    await sql('drop extension pg_trgm cascade');
    await sql('create schema "Extra Things"');
    await sql('create extension pg_trgm schema "Extra Things"');
    const index = new SearchIndex(harness.databaseUrl, harness.app.services.log);
    await index.ensure();
    expect(index.serves('users')).toBe(true);
  });

  test('an index that is dropped under a running service costs time and nothing else', async () => {
    await sql('drop extension pg_trgm cascade');
    for (const [search, expected] of searches) expect(await found(admin, search)).toEqual([...expected].sort());
  });
});

describe('where the role may not create the extension', () => {
  const name = `gatehouse_${randomUUID().replaceAll('-', '')}`;
  const { adminUrl } = serverOf();
  let harness: Harness;
  beforeAll(async () => {
    await administer(adminUrl, `create role ${name} login password 'x'`);
    await administer(adminUrl, `create database ${name}`);
    await administer(withDatabase(adminUrl, name), `grant create on schema public to ${name}`);
    const url = new URL(withDatabase(adminUrl, name));
    [url.username, url.password] = [name, 'x'];
    harness = await Harness.start({ DATABASE_URL: url.href });
    await fill(harness);
  });
  afterAll(async () => {
    await harness.close();
    await administer(adminUrl, `drop database ${name} with (force)`);
    await administer(adminUrl, `drop role ${name}`);
  });

  test('the service starts and says so, in one line', () => {
    expect(harness.app.services.searchIndex.serves('users')).toBe(false);
    expect(lines(harness).map((line) => JSON.parse(line))).toMatchObject([{ level: 40, code: '42501' }]);
  });

  test.each(searches)('%j finds %j', async (search, expected) => {
    expect(await found(await harness.admin(), search)).toEqual([...expected].sort());
  });

  test('the next start after the right is given makes the index', async () => {
    await administer(adminUrl, `grant create on database ${name} to ${name}`);
    expect((await harness.another()).services.searchIndex.serves('users')).toBe(true);
    expect(lines(harness)).toHaveLength(1);
  });
});
