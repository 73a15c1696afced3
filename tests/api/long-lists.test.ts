import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hours } from '../../src/clock.js';
import type { Client, Json } from '../support/client.js';
import { Harness } from '../support/harness.js';
import { roleWith } from '../support/role-with.js';
import { outcomeOf } from '../support/roles.js';
import { statementsOf } from '../support/statements.js';
import { fresh } from '../support/transports.js';

/** More rows than a plain list can have. */
const many = 130;
let harness: Harness;
let admin: Client;
let ada: Client;
let eve: Client;
let wideRole: string;
const roleIds: string[] = [];
beforeAll(async () => {
  harness = await Harness.start();
  [ada, eve] = [await harness.person('ada'), await harness.person('eve')];
  const permits = Object.fromEntries(Array.from({ length: many }, (_, n) => [`thing-${n % 20}:do-${n}`, null]));
  wideRole = await roleWith(harness, 'Wide', 40, permits);
  for (let n = 0; n < many; n += 1) roleIds.push(await roleWith(harness, `Role ${n}`, (n % 30) + 1, {}));
  for (const { userId } of [ada, eve]) await fill(String(userId));
  admin = await harness.admin();
}, 200_000);
afterAll(() => harness.close());

const sql = (text: string, ...values: (string | number | Date | string[])[]) =>
  harness.app.services.database.sql.rows(text, values);

/** Some rows are equal in their order, so that the id decides. */
async function fill(userId: string): Promise<void> {
  const now = harness.clock.now();
  await sql(
    `insert into sessions (id, user_id, is_remembered, created_at, last_used_at, expires_at)
     select gen_random_uuid(), $1, false, $3::timestamptz - interval '1 s' * (n / 7), $3::timestamptz - interval '1 s' * (n % 11), $4
     from generate_series(1, $2::int) n`,
    userId,
    many,
    now,
    new Date(now.getTime() + hours(5)),
  );
  await sql(
    `insert into role_grants (id, user_id, role_id, granted_at, revoked_at)
     select gen_random_uuid(), $1, role_id, $3::timestamptz - interval '1 s' * (n / 7), case when n % 4 = 0 then $3::timestamptz end
     from unnest($2::uuid[]) with ordinality as given (role_id, n)`,
    userId,
    [...roleIds, wideRole],
    now,
  );
  await sql(
    `insert into api_tokens (id, user_id, name, token_hash, scopes, created_at, revoked_at)
     select gen_random_uuid(), $1, 'filler', sha256(gen_random_uuid()::text::bytea), '{}', $3::timestamptz - interval '1 s' * (n / 7),
       case when n > 40 then $3::timestamptz end from generate_series(1, $2::int) n`,
    userId,
    many,
    now,
  );
}

interface List {
  /** Name of the plain list, without its selection. */
  readonly plain: string;
  readonly connection: string;
  readonly extra?: string;
  /** Number of rows of the plain list by default. */
  readonly standard: number;
  /** Number of rows in the database. */
  readonly rows: number;
}

const ofUser: Record<string, List> = {
  sessions: { plain: 'sessions', connection: 'sessionsConnection', standard: 100, rows: many + 1 },
  grants: {
    plain: 'grants',
    connection: 'grantsConnection',
    extra: 'includeInactive: true',
    standard: 100,
    // Includes the role that every user has.
    rows: many + 2,
  },
  'grants that count': { plain: 'grants', connection: 'grantsConnection', standard: 100, rows: many + 2 - 32 },
  apiTokens: { plain: 'apiTokens', connection: 'apiTokensConnection', standard: 100, rows: many },
  roles: { plain: 'roles', connection: 'rolesConnection', standard: 20, rows: many + 2 - 32 },
  // Of the role with many permissions, and of the role that every user has.
  permissions: { plain: 'permissions', connection: 'permissionsConnection', standard: 100, rows: many + 10 },
};
const inUser: [string, List, string][] = Object.entries(ofUser).map(([name, list]) => [
  `User.${name}`,
  list,
  'user(id: $id) { * }',
]);
const lists: [name: string, list: List, road: string][] = [
  ...inUser,
  [
    'Role.permissions',
    { plain: 'permissions', connection: 'permissionsConnection', standard: 100, rows: many },
    'role(id: $role) { * }',
  ],
  // In addition to the role with many permissions and the two system roles.
  ['Query.roles', { plain: 'roles', connection: 'rolesConnection', standard: 100, rows: many + 3 }, '*'],
];

const argumentsOf = (...given: (string | undefined)[]) => {
  const present = given.filter(Boolean).join(', ');
  return present ? `(${present})` : '';
};
const variables = (road: string) => ({
  ...(road.includes('$id') && { id: ada.userId }),
  ...(road.includes('$role') && { role: wideRole }),
});
const declared = (road: string, more: readonly string[] = []) => {
  const names = [...(road.includes('$id') ? ['$id: ID!'] : []), ...(road.includes('$role') ? ['$role: ID!'] : [])];
  const all = [...names, ...more];
  return all.length > 0 ? `query (${all.join(', ')})` : '';
};

/** The object at `*` of a query's path, whatever it is called. */
const leaf = (data: Json, road: string): Json => (road === '*' ? data : (Object.values(data)[0] as Json));

async function ask(road: string, fields: string, more: Record<string, string> = {}, values: object = {}) {
  const query = fresh(
    `${declared(
      road,
      Object.entries(more).map(([n, t]) => `$${n}: ${t}`),
    )} { ${road.replace('*', fields)} }`,
  );
  const answer = await admin.ask(query, { ...variables(road), ...values });
  expect(answer.codes).toEqual([]);
  return leaf(answer.data, road);
}

describe.each(lists)('%s', (_name, { plain, connection, extra, standard, rows }, road) => {
  const idsOf = (nodes: Json | undefined) => [...(nodes ?? [])].map((node) => String((node as Json)['id']));
  const plainIds = async (first?: number) => {
    const found = await ask(road, `${plain}${argumentsOf(first ? `first: ${first}` : undefined, extra)} { id }`);
    return idsOf(found[plain]);
  };

  test('holds so many rows and no more', async () => {
    expect((await plainIds()).length).toBe(standard);
    expect((await plainIds(100)).length).toBe(100);
    expect((await plainIds(3)).length).toBe(3);
    expect((await plainIds(100)).slice(0, 3)).toEqual(await plainIds(3));
  });

  async function walk(size: number, backward: boolean): Promise<string[]> {
    const [length, place, cursor, more] = backward
      ? ['last', 'before', 'startCursor', 'hasPreviousPage']
      : ['first', 'after', 'endCursor', 'hasNextPage'];
    const seen: string[] = [];
    let at: string | null = null;
    for (;;) {
      const list = `${connection}${argumentsOf(`${length}: ${size}`, `${place}: $at`, extra)}`;
      const fields = `${list} { totalCount nodes { id } edges { cursor node { id } } pageInfo { ${cursor} ${more} } }`;
      const page = (await ask(road, fields, { at: 'String' }, { at }))[connection] as Json;
      expect(page['totalCount']).toBe(rows);
      const ids = idsOf(page['nodes']);
      expect([...(page['edges'] ?? [])].map((edge) => (edge as Json)['node']?.['id'])).toEqual(ids);
      if (backward) seen.unshift(...ids);
      else seen.push(...ids);
      if (!page['pageInfo']?.[more as string]) return seen;
      at = String(page['pageInfo']?.[cursor as string]);
    }
  }

  test('is walked to its end, forward and backward, without loss or double', async () => {
    const forward = await walk(37, false);
    expect(forward).toHaveLength(rows);
    expect(new Set(forward).size).toBe(rows);
    expect(await walk(37, true)).toEqual(forward);
    expect(await walk(100, false)).toEqual(forward);
    // The rows of the plain list are among them.
    expect(new Set(forward)).toEqual(new Set([...forward, ...(await plainIds(100))]));
  });

  test.each([
    ['first: 0', {}],
    ['first: 101', {}],
    ['first: 1, last: 1', {}],
    ['after: $at', { at: 'garbage' }],
    ['after: $at', { at: Buffer.from(JSON.stringify(['x', 'no id'])).toString('base64url') }],
  ])('refuses the page %s (%j)', async (page, values) => {
    const query = fresh(
      `${declared(road, 'at' in values ? ['$at: String'] : [])} { ${road.replace('*', `${connection}(${page}) { nodes { id } }`)} }`,
    );
    const { codes } = await admin.ask(query, { ...variables(road), ...values });
    expect(codes).toEqual(['BAD_USER_INPUT']);
  });

  test('takes no cursor of anybody for a way to what is not its own', async () => {
    const places = [ada.userId, eve.userId, randomUUID()].map((id) =>
      Buffer.from(JSON.stringify(['9999-01-01', id])).toString('base64url'),
    );
    const all = new Set(await walk(100, false));
    for (const at of places)
      for (const page of ['first: 100, after: $at', 'last: 100, before: $at']) {
        const fields = `${connection}${argumentsOf(page, extra)} { nodes { id } }`;
        const query = fresh(`${declared(road, ['$at: String'])} { ${road.replace('*', fields)} }`);
        const { codes, data } = await admin.ask(query, { ...variables(road), at });
        expect([[], ['BAD_USER_INPUT']]).toContainEqual(codes);
        if (codes.length === 0)
          for (const id of idsOf(leaf(data, road)[connection]?.['nodes'])) expect(all.has(id)).toBe(true);
      }
  });
});

describe.each(inUser)('%s of many users', (_name, { plain, connection, extra }) => {
  const fields = `${plain}${argumentsOf(extra)} { id } ${connection}${argumentsOf('first: 2', extra)} { totalCount nodes { id } }`;
  const list = (first: number) => `{ users(first: ${first}) { nodes { ${fields} } } }`;

  test('take as many statements as of one', async () => {
    const statements = (first: number) =>
      statementsOf(harness, async () => expect((await admin.ask(list(first))).codes).toEqual([]));
    // One of the users is the caller, whose rights are already loaded.
    expect(await statements(3)).toBe(await statements(2));
  });

  test('with two lengths are two lists', async () => {
    const alias = (first: number) => `a${first}: ${plain}${argumentsOf(`first: ${first}`, extra)} { id }`;
    const { data } = await admin.ask(
      `{ users(first: 3, orderBy: { field: USERNAME }) { nodes { username ${alias(1)} ${alias(7)} } } }`,
    );
    const person = [...(data['users']?.['nodes'] ?? [])].find((node) => (node as Json)['username'] === 'ada') as Json;
    expect([...(person['a1'] ?? [])]).toHaveLength(1);
    expect([...(person['a7'] ?? [])]).toHaveLength(7);
  });

  test('are refused to strangers alike, and told to their owner', async () => {
    const query = `query ($id: ID!) { user(id: $id) { ${fields} } }`;
    const { codes } = await eve.ask(query, { id: ada.userId });
    expect(new Set(codes)).toEqual(new Set(['FORBIDDEN']));
    expect((await ada.ask(query, { id: ada.userId })).codes).toEqual([]);
  });
});

test('an account holds a hundred roles given by hand, and no more', async () => {
  const person = await harness.person('collector');
  const now = harness.clock.now();
  await sql(
    `insert into role_grants (id, user_id, role_id, granted_at)
     select gen_random_uuid(), $1, role_id, $3::timestamptz - interval '1 minute' from unnest($2::uuid[]) as given (role_id)`,
    String(person.userId),
    roleIds.slice(0, 97),
    now,
  );
  const give = (n: number) => outcomeOf(admin, 'grantRole', { userId: person.userId, roleId: roleIds[n] });
  const outcomes = await Promise.all(Array.from({ length: 20 }, (_, n) => give(97 + n)));
  expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(3);
  expect(new Set(outcomes)).toEqual(new Set(['ok', 'INVALID_INPUT roleId']));
  // A role that is already held can be granted again.
  const expiresAt = new Date(now.getTime() + hours(100)).toISOString();
  expect(await outcomeOf(admin, 'grantRole', { userId: person.userId, roleId: roleIds[0], expiresAt })).toBe('ok');
  const preview = await admin.ask(
    'query ($input: RoleChangeInput!) { previewRoleChange(input: $input) { errors { code field } } }',
    { input: { roleId: roleIds[125], grantTo: [person.userId] } },
  );
  expect(preview.data['previewRoleChange']?.['errors']).toEqual([
    { code: 'INVALID_INPUT', field: ['input', 'grantTo', '0'] },
  ]);
  await admin.mutate('revokeRole', { userId: person.userId, roleId: roleIds[5] }, 'grant { id }');
  expect(await give(125)).toBe('ok');
});
