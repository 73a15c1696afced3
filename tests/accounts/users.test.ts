import { beforeAll, expect, test } from '@jest/globals';
import { days } from '../../src/clock.js';
import type { Client, Json } from '../support/client.js';
import { Harness, password } from '../support/harness.js';
import { give, makeRole } from '../support/roles.js';
import { statementsOf } from '../support/statements.js';

let harness: Harness;
let admin: Client;
const total = 57;

beforeAll(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
  const { sql } = harness.app.services.database;
  // Pairs share an instant and a last name, so that orders need their tie-breaker.
  await sql.rows(
    `insert into users (id, username, email, password_hash, first_name, last_name, password_changed_at, created_at, last_login_at, is_verified)
     select gen_random_uuid(), 'user' || lpad(i::text, 3, '0'), 'user' || i || '@example.com', 'x', 'First' || i, 'Last' || i / 2, now(),
       timestamptz '2020-01-01' + (i / 2) * interval '1 day', case when i % 3 = 0 then timestamptz '2021-01-01' + i * interval '1 hour' end, i % 2 = 0
     from generate_series(1, ${total - 1}) i`,
  );
  await sql.rows(
    `insert into role_grants (id, user_id, role_id, granted_at) select gen_random_uuid(), u.id, r.id, now() from users u, roles r where r.name = 'user' and u.username like 'user%'`,
  );
});

const page = async (args: string): Promise<Json> => {
  const answer = await admin.ask(
    `{ users(${args}) { totalCount nodes { id username } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
  );
  if (answer.errors.length > 0) throw new Error(JSON.stringify(answer.errors));
  return answer.data['users'] as Json;
};
const names = (connection: Json) =>
  (connection['nodes'] as unknown as { username: string }[]).map(({ username }) => username);

const orders = ['USERNAME', 'EMAIL', 'CREATED_AT', 'LAST_LOGIN_AT'].flatMap((field) => [
  [field, 'ASC'],
  [field, 'DESC'],
]);

test.each(orders)(
  'pages by %s %s are complete, without doubles, forward and backward alike',
  async (field, direction) => {
    const orderBy = `orderBy: { field: ${field}, direction: ${direction} }`;
    const walk = async (size: 'first' | 'last', cursor: 'after' | 'before', edge: string, more: string) => {
      const pages: string[][] = [];
      for (let place = ''; ; ) {
        const connection = await page(`${size}: 10 ${orderBy} ${place && `${cursor}: "${place}"`}`);
        pages.push(names(connection));
        if (!connection['pageInfo']?.[more]) return pages;
        place = String(connection['pageInfo']?.[edge]);
      }
    };
    const forward = (await walk('first', 'after', 'endCursor', 'hasNextPage')).flat();
    const backward = (await walk('last', 'before', 'startCursor', 'hasPreviousPage')).reverse().flat();
    expect(new Set(forward).size).toBe(total);
    expect(forward).toHaveLength(total);
    expect(backward).toEqual(forward);
  },
);

test('a page keeps its place while rows before it come and go', async () => {
  const orderBy = 'orderBy: { field: USERNAME }';
  const first = await page(`first: 5 ${orderBy}`);
  const expected = names(await page(`first: 5 ${orderBy} after: "${first['pageInfo']?.['endCursor']}"`));
  const { sql } = harness.app.services.database;
  await sql.rows(`update users set username = 'zzz.moved' where id = $1`, [String(first['nodes']?.[1]?.['id'])]);
  const again = names(await page(`first: 5 ${orderBy} after: "${first['pageInfo']?.['endCursor']}"`));
  await sql.rows(`update users set username = $2 where id = $1`, [
    String(first['nodes']?.[1]?.['id']),
    String(first['nodes']?.[1]?.['username']),
  ]);
  expect(again).toEqual(expected);
});

test('offset jumps to a page', async () => {
  const all = names(await page('first: 100 orderBy: { field: USERNAME }'));
  const jumped = await page('first: 10 offset: 30 orderBy: { field: USERNAME }');
  expect(names(jumped)).toEqual(all.slice(30, 40));
  expect(jumped['pageInfo']).toMatchObject({ hasPreviousPage: true, hasNextPage: true });
  expect(names(await page('first: 10 offset: 1000'))).toEqual([]);
});

test('the search finds parts of names and addresses in any case, and takes % _ and \\ as they are', async () => {
  const create = (username: string, firstName: string) =>
    admin.mutate(
      'createUser',
      { username, email: `${Buffer.from(username).toString('hex')}@search.example`, password, firstName },
      'user { id }',
    );
  await create('percent', '100%');
  await create('under_score', 'Back\\slash');
  await create('ünïcode', 'ÉCLAIR');
  const search = async (text: string) => {
    const answer = await admin.ask(
      'query ($text: String) { users(search: $text, first: 100) { totalCount nodes { username } } }',
      { text },
    );
    return names(answer.data['users'] as Json);
  };
  expect(await search('CENT')).toEqual(['percent']);
  expect(await search('100%')).toEqual(['percent']);
  expect(await search('%')).toEqual(['percent']);
  expect(await search('er_sc')).toEqual(['under_score']);
  expect(await search('k\\s')).toEqual(['under_score']);
  expect(await search('éclair')).toEqual(['ünïcode']);
  expect(await search('USER00')).toHaveLength(9);
  expect(await search("' or 1=1 --")).toEqual([]);
  expect(await search('SEARCH.example')).toHaveLength(3);
  await harness.app.services.database.sql.rows(`delete from users where email like '%@search.example'`);
});

test('filters narrow, together, and are counted', async () => {
  const count = async (filter: string) => (await page(`filter: { ${filter} }`))['totalCount'];
  expect(await count('isVerified: true')).toBe(total / 2 + 0.5);
  expect(await count('isAdmin: true')).toBe(1);
  expect(await count('isAdmin: true isVerified: false')).toBe(0);
  expect(await count('isActive: false')).toBe(0);
  expect(await count('isLocked: false')).toBe(total);
  expect(await count('role: "ADMIN"')).toBe(1);
  expect(await count('role: "user"')).toBe(total);
  expect(await count('createdAfter: "2020-01-02T00:00:00Z" createdBefore: "2020-01-04T00:00:00Z"')).toBe(2);
  expect(await count('createdAfter: "2020-01-02T00:00:00+01:00" createdBefore: "2020-01-02T12:00:00Z"')).toBe(2);
});

test('a role that ran out is held by nobody', async () => {
  const role = (await admin.mutate('createRole', { name: 'Short-lived', level: 5 }, 'role { id }'))['role']?.['id'];
  const someone = (await page('first: 1 search: "user001"'))['nodes']?.[0]?.['id'];
  await admin.mutate(
    'grantRole',
    { userId: someone, roleId: role, expiresAt: new Date(harness.clock.now().getTime() + days(1)).toISOString() },
    'grant { id }',
  );
  const holders = async () => {
    const answer = await admin.ask('query ($id: ID!) { role(id: $id) { users { totalCount nodes { username } } } }', {
      id: role,
    });
    return [
      answer.data['role']?.['users']?.['totalCount'],
      (await page('filter: { role: "short-lived" }'))['totalCount'],
    ];
  };
  expect(await holders()).toEqual([1, 1]);
  harness.clock.advance(days(1));
  admin = await harness.admin();
  expect(await holders()).toEqual([0, 0]);
});

test('holders of a role are counted once each, by those who may read them, without being listed', async () => {
  const role = await makeRole(admin, { name: 'Counted', level: 5 });
  const { sql } = harness.app.services.database;
  const now = harness.clock.now();
  const grant = (who: string, from: number, to: number | null) =>
    sql.rows(
      `insert into role_grants (id, user_id, role_id, granted_at, expires_at)
       select gen_random_uuid(), u.id, $1, $2, $3 from users u where u.username like $4`,
      [role, new Date(now.getTime() + days(from)), to === null ? null : new Date(now.getTime() + days(to)), who],
    );
  await grant('user00_', -9, -1);
  await grant('user00_', -1, null);
  await grant('user001', -1, 9);
  await grant('user01_', 1, null);
  const counted = async (client: Client, args = '') => {
    const answer = await client.ask(
      `query ($id: ID!) { role(id: $id) { users${args} { totalCount totalCountIsEstimate } } }`,
      { id: role },
    );
    return answer.codes[0] ?? answer.data['role']?.['users'];
  };
  expect(await counted(admin)).toEqual({ totalCount: 9, totalCountIsEstimate: false });
  expect(await counted(admin, '(first: 1, after: "bm9uc2Vuc2U")')).toBe('BAD_USER_INPUT');
  const reader = await harness.person('verified.reader');
  const permits = ['role:read', ['user:read', { isVerified: true }]] as const;
  await give(admin, reader, await makeRole(admin, { name: 'Readers of verified accounts', level: 5, permits }));
  expect(await counted(reader)).toEqual({ totalCount: 4, totalCountIsEstimate: false });
});

test('a list takes as many statements for 50 users with roles and permissions as for one', async () => {
  const statements = (first: number) =>
    statementsOf(harness, async () => {
      const query = `{ users(first: ${first}) { nodes { username roles { name permissions { name } } } } }`;
      expect((await admin.ask(query)).codes).toEqual([]);
    });
  expect([await statements(1), await statements(50)]).toEqual([1, 1]);
});

test('createUser makes an account that can sign in, with its roles, all or nothing', async () => {
  const role = (await admin.mutate('createRole', { name: 'Crew', level: 7 }, 'role { id }'))['role']?.['id'];
  const input = { username: 'made', email: 'Made@Example.com', password, roleIds: [role, role] };
  const made = await admin.mutate(
    'createUser',
    input,
    'user { username email isVerified isAdmin roles { name } grants { grantedBy { username } role { name } } }',
  );
  expect(made['user']).toMatchObject({
    username: 'made',
    email: 'made@example.com',
    isVerified: true,
    isAdmin: false,
    roles: [{ name: 'Crew' }, { name: 'user' }],
  });
  expect((await harness.client().login('made', password))['errors']).toEqual([]);
  const codes = async (changed: object) =>
    (await admin.mutate('createUser', { ...input, ...changed }, 'user { id }'))['errors'];
  expect(await codes({ email: 'other@example.com' })).toEqual([
    { code: 'USERNAME_TAKEN', field: ['input', 'username'] },
  ]);
  expect(await codes({ username: 'other' })).toEqual([{ code: 'EMAIL_TAKEN', field: ['input', 'email'] }]);
  for (const roleIds of [['nonsense'], [crypto.randomUUID()]]) {
    expect(await codes({ username: 'other', email: 'other@example.com', roleIds })).toMatchObject([
      { code: 'NOT_FOUND' },
    ]);
    expect((await page('search: "other"'))['totalCount']).toBe(0);
  }
});
