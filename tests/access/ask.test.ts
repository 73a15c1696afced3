import { createMongoAbility, subject } from '@casl/ability';
import { unpackRules } from '@casl/ability/extra';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { minutes } from '../../src/clock.js';
import { makeToken } from '../support/api-tokens.js';
import { placeholder } from '../support/arbitrary-conditions.js';
import { Client, type Json } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { statementsOf } from '../support/statements.js';
import { fresh, transports } from '../support/transports.js';

let harness: Harness;
let admin: Client;
let ada: Client;
let eve: Client;
let roleId: string;
beforeAll(async () => {
  harness = await Harness.start();
  [admin, ada, eve] = [await harness.admin(), await harness.person('ada'), await harness.person('eve')];
  roleId = await roleWith('editor', [
    ['document', 'read', null],
    ['document', 'edit', { ownerId: placeholder('user.id'), $or: [{ state: 'draft' }, { public: true }] }],
    ['report', '*', null],
  ]);
  await admin.mutate('grantRole', { userId: ada.userId, roleId }, 'grant { id }');
});

type Terms = readonly [resource: string, action: string, conditions: object | null];
async function roleWith(name: string, permissions: readonly Terms[]): Promise<string> {
  const made = await admin.mutate('createRole', { name, level: 10 }, 'role { id }');
  const id = String(made['role']?.['id']);
  for (const [resource, action, conditions] of permissions)
    await harness.app.services.database.sql.rows(
      `insert into permissions (id, role_id, name, resource, action, conditions, created_at)
       values (gen_random_uuid(), $1, '', $2, $3, $4, $5)`,
      [id, resource, action, conditions && JSON.stringify(conditions), harness.clock.now()],
    );
  harness.app.services.signals.announce('roles');
  return id;
}

const query = 'query ($checks: [AccessCheck!]!) { viewer { can(checks: $checks) } }';
const check = (resource: string, action: string, attributes?: object) => ({
  resource,
  action,
  ...(attributes && { attributes }),
});
const answers = async (client: Client, checks: unknown): Promise<unknown> => {
  const { data, codes } = await client.ask(query, { checks });
  return codes.length > 0 ? codes : data['viewer']?.['can'];
};

test('one answer per check, in order, whatever is written', async () => {
  const mine = { ownerId: ada.userId, state: 'draft' };
  const rows: [object, boolean][] = [
    [check('document', 'read'), true],
    [check('document', 'delete'), false],
    [check(' Document ', '\tREAD'), true],
    [check('document', 'edit', mine), true],
    [check('document', 'edit', { ...mine, state: 'final' }), false],
    [check('document', 'edit', { ...mine, ownerId: eve.userId }), false],
    [check('document', 'edit'), false],
    [check('report', 'anything'), true],
    [check('report', '*'), true],
    [check('*', 'read'), false],
    [check('document', 'read'), true],
    [check('', ''), false],
    [check('report', 'read now'), false],
    [check('report', 'read,write'), false],
    [check('report', 'x'.repeat(101)), false],
    [check('__proto__', 'constructor'), false],
    [check('profile', 'read', { userId: ada.userId }), true],
    [check('profile', 'read', { userId: eve.userId }), false],
  ];
  expect(
    await answers(
      ada,
      rows.map(([asked]) => asked),
    ),
  ).toEqual(rows.map(([, expected]) => expected));
  expect(
    await answers(
      admin,
      rows.map(([asked]) => asked),
    ),
  ).toEqual(rows.map(([asked]) => !/^\s*$|[ ,]\w|x{101}/.test(Reflect.get(asked, 'action'))));
});

describe.each(transports)('over %s', (_transport, ask) => {
  const send = (checks: unknown, token = ada.token) => ask(harness.app.url, { query, variables: { checks }, token });

  test.each([
    ['none', []],
    ['1,001', Array(1001).fill(check('a', 'b'))],
    ['attributes of 20,001 characters', [check('document', 'read', { a: 'x'.repeat(20_001 - '{"a":""}'.length) })]],
    ['attributes of 11 levels', [check('document', 'read', JSON.parse(`${'{"a":'.repeat(11)}1${'}'.repeat(11)}`))]],
    ['attributes of 1,000 levels', [check('document', 'read', { a: JSON.parse('['.repeat(1000) + ']'.repeat(1000)) })]],
    ['attributes that are a list', [check('document', 'read', [])]],
    ['attributes that are text', [{ ...check('document', 'read'), attributes: '{}' }]],
    ['a name that is no text', [{ action: 'a', resource: {} }]],
    ['no action', [{ resource: 'document' }]],
    ['what is no list', 'document:read'],
  ])('refused: %s', async (_what, checks) => {
    expect((await send(checks)).codes).toEqual(['BAD_USER_INPUT']);
  });

  test('as much as may be', async () => {
    const many = Array.from({ length: 1000 }, (_, n) => check('document', n % 3 ? 'edit' : 'read'));
    expect((await send(many)).data['viewer']?.['can']).toEqual(many.map(({ action }) => action === 'read'));
    const longest = check('document', 'read', { a: 'x'.repeat(20_000 - '{"a":""}'.length) });
    const deepest = check('document', 'read', JSON.parse(`${'{"a":'.repeat(10)}1${'}'.repeat(10)}`));
    expect((await send([longest, deepest])).data['viewer']?.['can']).toEqual([true, true]);
  });

  test('hostile attributes are attributes like any other', async () => {
    const hostile = [
      `{"__proto__": {"ownerId": "${ada.userId}", "state": "draft"}}`,
      `{"constructor": {"prototype": {"ownerId": "${ada.userId}"}}, "state": "draft"}`,
      `{"ownerId": {"$eq": "${ada.userId}"}, "state": "draft"}`,
      `{"ownerId": "${placeholder('user.id')}", "state": "draft"}`,
      `{"toString": null, "hasOwnProperty": 1, "toJSON": "x", "ownerId": "${ada.userId}", "state": "draft"}`,
    ];
    // The HTTP body parser already refuses some of these texts.
    for (const [place, text] of hostile.entries()) {
      const { data, codes } = await send([check('document', 'edit', JSON.parse(text))]);
      const isAllowed = data?.['viewer']?.['can']?.[0] ?? codes.join();
      expect([text, isAllowed]).toEqual([text, place < 2 && codes.length > 0 ? 'BAD_USER_INPUT' : place === 4]);
    }
  });

  test('checks can be written out in the document', async () => {
    const literals = `{ viewer { can(checks: [
      { action: "edit" resource: "document" attributes: { ownerId: "${ada.userId}" public: true } }
      { action: "edit" resource: "document" attributes: { __proto__: { ownerId: "${ada.userId}" } public: true } }
    ]) } }`;
    const document = fresh(literals);
    for (let round = 0; round < 3; round += 1)
      expect((await ask(harness.app.url, { query: document, token: ada.token })).data['viewer']?.['can']).toEqual([
        true,
        false,
      ]);
  });

  test("another user's are for callers who may read users", async () => {
    const fields = 'can(checks: [{ action: "read", resource: "document" }])';
    for (const field of [fields, 'permissions { id }', 'abilityRules']) {
      const document = `{ user(id: "${ada.userId}") { ${field} } }`;
      expect((await ask(harness.app.url, { query: document, token: eve.token })).codes).toEqual(['FORBIDDEN']);
      expect((await ask(harness.app.url, { query: document })).codes).toEqual(['UNAUTHENTICATED']);
      expect((await ask(harness.app.url, { query: document, token: admin.token })).codes).toEqual([]);
    }
    const { data } = await ask(harness.app.url, {
      query: `{ user(id: "${ada.userId}") { ${fields} } }`,
      token: admin.token,
    });
    expect(data['user']?.['can']).toEqual([true]);
  });

  test('what is asked for many users costs as much', async () => {
    const costly = 'query ($checks: [AccessCheck!]!) { users(first: 100) { nodes { can(checks: $checks) } } }';
    const asking = (count: number) =>
      ask(harness.app.url, {
        query: costly,
        variables: { checks: Array(count).fill(check('a', 'b')) },
        token: admin.token,
      });
    expect((await asking(1)).codes).toEqual([]);
    expect((await asking(100)).codes).toEqual([]);
    expect((await asking(1000)).codes).toEqual(['QUERY_TOO_COMPLEX']);
  });
});

test('1,000 checks with attributes fit into one request of HTTP, a megabyte does not', async () => {
  const many = Array.from({ length: 1000 }, () =>
    check('document', 'edit', { ownerId: ada.userId, state: 'draft', n: 1 }),
  );
  expect(await answers(ada, many)).toEqual(many.map(() => true));
  const { status } = await ada.ask(query, { checks: [check('document', 'edit', { a: 'x'.repeat(1_000_000) })] });
  expect(status).toBe(413);
});

test('one asks about oneself without a statement, and about many users with one', async () => {
  const statements = (fields: string, of = 'viewer') =>
    statementsOf(harness, async () => {
      const { codes } = await admin.ask(`{ ${of} { ${fields} } }`);
      expect(codes).toEqual([]);
    });
  const all = 'can(checks: [{ action: "read", resource: "a" }]) permissions { name } abilityRules';
  expect(await statements(`id ${all}`)).toBe(await statements('id'));
  const list = (fields: string) => `nodes { id ${fields} }`;
  expect(await statements(list(all), 'users')).toBe((await statements(list(''), 'users')) + 1);
});

test('permissions are those of living roles held now', async () => {
  const client = await harness.person('pia');
  const names = async (): Promise<string[]> => {
    const { data } = await client.ask('{ viewer { permissions { resource action } } }');
    const list = (data['viewer']?.['permissions'] ?? []) as never as { resource: string; action: string }[];
    return list.map(({ resource, action }) => `${resource}:${action}`);
  };
  const before = await names();
  expect(before).toContain('profile:*');
  const timed = await roleWith('timed', [['timed', 'read', null]]);
  const expiresAt = new Date(harness.clock.now().getTime() + minutes(1)).toISOString();
  await admin.mutate('grantRole', { userId: client.userId, roleId: timed, expiresAt }, 'grant { id }');
  expect(await names()).toEqual(['timed:read', ...before]);
  harness.clock.advance(minutes(1));
  expect(await names()).toEqual(before);
});

test('an app with the rules of the viewer decides as the server', async () => {
  const { data } = await ada.ask('{ viewer { abilityRules } }');
  const app = createMongoAbility(unpackRules(data['viewer']?.['abilityRules'] as never) as never);
  const cases = [
    check('document', 'edit', { ownerId: ada.userId, state: 'draft' }),
    check('document', 'edit', { ownerId: ada.userId, public: true }),
    check('document', 'edit', { ownerId: ada.userId, state: 'final' }),
    check('document', 'edit', { ownerId: eve.userId, state: 'draft' }),
    check('document', 'read', {}),
    check('report', 'shred', {}),
    check('post', 'read', { published: true }),
    check('post', 'update', { authorId: eve.userId }),
  ];
  const theirs = cases.map(({ action, resource, attributes }) => app.can(action, subject(resource, { ...attributes })));
  expect(await answers(ada, cases)).toEqual(theirs);
  expect(new Set(theirs)).toEqual(new Set([true, false]));
  const administrators = await admin.ask('{ viewer { abilityRules } }');
  expect(administrators.data['viewer']?.['abilityRules']).toEqual([['manage', 'all']]);
});

describe('API tokens', () => {
  const withToken = async (scopes: readonly string[], more: object = {}, owner = ada) => {
    const { token } = await makeToken(owner, scopes, more);
    const client = harness.client();
    client.token = token;
    return client;
  };
  const checks = [check('document', 'read'), check('report', 'shred'), check('profile', 'read', {})];

  test('ask within their scopes', async () => {
    const client = await withToken(['profile:read', 'document:read']);
    expect(await answers(client, checks)).toEqual([true, false, false]);
    const { data } = await client.ask('{ viewer { abilityRules permissions { resource action } } }');
    expect(data['viewer']?.['abilityRules']).toEqual([
      ['read', 'profile', { userId: ada.userId }],
      ['read', 'document'],
    ]);
    expect(data['viewer']?.['permissions']).toHaveLength(2);
    const ofAdmin = await withToken(['profile:*', 'report:shred'], {}, admin);
    expect(await answers(ofAdmin, checks)).toEqual([false, true, true]);
  });

  test('without scopes may nothing and are told so; over, they learn nothing', async () => {
    expect(await answers(await withToken([]), checks)).toEqual([false, false, false]);
    const expiresAt = new Date(harness.clock.now().getTime() + minutes(1)).toISOString();
    const client = await withToken(['profile:read'], { expiresAt });
    expect(await answers(client, checks)).toEqual([false, false, false]);
    harness.clock.advance(minutes(1));
    expect(await answers(client, checks)).toEqual(['UNAUTHENTICATED']);
  });
});

test('rights lost are lost in the next request, in every process', async () => {
  const other = await harness.another();
  const client = await harness.person('olga');
  const elsewhere = new Client(other.url);
  await elsewhere.login('olga', password);
  const grant = () => admin.mutate('grantRole', { userId: client.userId, roleId }, 'grant { id }');
  const asking = (from: Client) => answers(from, [check('document', 'read')]);
  await grant();
  expect(await asking(client)).toEqual([true]);
  await eventually(async () => ((await asking(elsewhere)) as Json)[0]);
  await admin.mutate('revokeRole', { userId: client.userId, roleId }, 'grant { id }');
  expect(await asking(client)).toEqual([false]);
  await eventually(async () => !((await asking(elsewhere)) as Json)[0]);
  await grant();
  await eventually(async () => ((await asking(elsewhere)) as Json)[0]);
  await harness.app.services.database.sql.rows(
    'update permissions set removed_at = $2 where role_id = $1 and action = $3',
    [roleId, harness.clock.now(), 'read'],
  );
  for (const from of [client, elsewhere]) await eventually(async () => !((await asking(from)) as Json)[0]);
});

test('the deactivated may nothing, and ask nothing', async () => {
  const client = await harness.person('dora');
  const fields = '{ permissions { id } abilityRules can(checks: [{ action: "read", resource: "profile" }]) }';
  await admin.mutate('deactivateUser', { userId: client.userId }, 'user { id }');
  expect(await answers(client, [check('post', 'read')])).toEqual(['UNAUTHENTICATED']);
  const { data } = await admin.ask(`{ user(id: "${client.userId}") ${fields} }`);
  expect(data['user']).toEqual({ permissions: [], abilityRules: [], can: [false] });
});
