import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { days } from '../../src/clock.js';
import type { Client } from '../support/client.js';
import { allPublished, refusalsPublished } from '../support/events.js';
import { Harness } from '../support/harness.js';
import { everyone, named, preview, previewQuery } from '../support/preview.js';
import { transports } from '../support/transports.js';

const me = `\${user.id}`;

let harness: Harness;
let admin: Client;
let stranger: Client;
let made = 0;
beforeAll(async () => {
  harness = await Harness.start();
  [admin, stranger] = [await harness.admin(), await harness.person('stranger')];
});

const rows = <Row>(text: string, values: unknown[] = []) =>
  harness.app.services.database.sql.rows<Row>(text, values as never);
const inDays = (count: number) => new Date(harness.clock.now().getTime() + days(count));

async function role(level = 5, ...permissions: [resource: string, action: string, conditions?: object][]) {
  const { role: created } = await admin.mutate('createRole', { name: `Role ${++made}`, level }, 'role { id }');
  const id = String(created?.['id']);
  for (const [resource, action, conditions] of permissions) await permission(id, resource, action, conditions);
  harness.app.services.signals.announce('roles');
  return id;
}

async function permission(roleId: string, resource: string, action: string, conditions?: object): Promise<string> {
  const id = randomUUID();
  await rows(
    'insert into permissions (id, role_id, name, resource, action, conditions, created_at) values ($1, $2, $3, $4, $5, $6, $7)',
    [id, roleId, `${resource}:${action}`, resource, action, conditions ? JSON.stringify(conditions) : null, inDays(0)],
  );
  return id;
}

async function users(count: number): Promise<string[]> {
  const found = await rows<{ id: string }>(
    `insert into users (id, username, email, password_hash, is_verified, password_changed_at, created_at)
     select id, id, id || '@example.com', '-', true, $2, $2 from (select gen_random_uuid() as id from generate_series(1, $1::int)) made
     returning id`,
    [count, inDays(-1)],
  );
  return found.map(({ id }) => id).sort();
}

const hold = (roleId: string, userIds: readonly string[], from = -1, until: number | null = null, revoked = false) =>
  rows(
    `insert into role_grants (id, user_id, role_id, granted_at, expires_at, revoked_at)
     select gen_random_uuid(), id, $1, $3, $4, $5 from unnest($2::uuid[]) id`,
    [roleId, userIds, inDays(from), until === null ? null : inDays(until), revoked ? inDays(-0.5) : null],
  );

const codes = ({ errors }: { errors: readonly { code: string; field: readonly string[] | null }[] }) =>
  errors.map(({ code, field }) => `${code} ${field?.join('.')}`);

test('who holds a role gains and loses with it, but for what another role of theirs covers', async () => {
  const wide = await role(4, ['page', '*']);
  const mine = await role(4, ['page', 'read', { authorId: me }]);
  const roleId = await role(5, ['page', 'read'], ['sheet', 'read']);
  const [plain = '', shielded = '', narrow = '', stranger = ''] = await users(4);
  await hold(roleId, [plain, shielded, narrow]);
  await hold(wide, [shielded, stranger]);
  await hold(mine, [narrow]);
  const input = { roleId, delete: true };
  const found = new Map((await everyone(admin, input)).map(({ user, ...rest }) => [user.id, rest]));
  expect(found.size).toBe(3);
  expect(named(found.get(plain)?.losses ?? [])).toEqual(['page:read', 'sheet:read']);
  expect(named(found.get(shielded)?.losses ?? [])).toEqual(['sheet:read']);
  expect(named(found.get(narrow)?.losses ?? [])).toEqual(['page:read', 'sheet:read']);
  const added = { addPermissions: [{ resource: ' PAGE ', action: 'read', conditions: {} }] };
  expect(await preview(admin, { roleId, ...added })).toMatchObject({
    affectedUsersCount: 0,
    errors: [{ code: 'NAME_TAKEN', field: ['input', 'addPermissions', '0', 'action'] }],
  });
  const [all] = await everyone(admin, { roleId: wide, addPermissions: [{ resource: '*', action: '*', name: 'All' }] });
  expect(all?.gains).toEqual([{ name: 'All', resource: '*', action: '*', conditions: null }]);
});

test('grants that have not begun, have ended or were revoked hold nothing; two of one role are one', async () => {
  const roleId = await role(5, ['page', 'read']);
  const [twice = '', expired = '', future = '', revoked = '', inactive = '', once = ''] = await users(6);
  await hold(roleId, [twice, twice, once]);
  await hold(roleId, [once], -3, -2);
  await hold(roleId, [expired], -2, -1);
  await hold(roleId, [future], 1);
  await hold(roleId, [revoked], -1, null, true);
  await hold(roleId, [inactive]);
  await rows('update users set is_active = false where id = $1', [inactive]);
  const found = await everyone(admin, { roleId, delete: true });
  expect(found.map(({ user }) => user.id)).toEqual([once, twice].sort());
  const given = await preview(admin, { roleId, grantTo: [twice, expired, future, inactive] });
  expect(given.users.nodes.map(({ user }) => user.id)).toEqual([expired, future].sort());
  expect(given.errors).toEqual([]);
  const past = { roleId, grantTo: [expired], grantExpiresAt: inDays(-1).toISOString() };
  expect(await preview(admin, past)).toMatchObject({
    affectedUsersCount: 0,
    errors: [{ code: 'INVALID_INPUT', field: ['input', 'grantExpiresAt'] }],
  });
  expect(codes(await preview(admin, { roleId, revokeFrom: [expired, twice] }))).toEqual([
    'NOT_FOUND input.revokeFrom.0',
  ]);
});

test('a role held by nobody affects nobody, and an administrator loses nothing with it', async () => {
  const roleId = await role(5, ['page', 'read']);
  await hold(roleId, [admin.userId ?? '']);
  expect(await preview(admin, { roleId, delete: true })).toMatchObject({ affectedUsersCount: 0, errors: [] });
});

test('permissions and grants are predicted together', async () => {
  const roleId = await role(5, ['page', 'read']);
  const [one = '', other = ''] = await users(2);
  await hold(roleId, [one]);
  const { data } = await admin.ask('query ($id: ID!) { role(id: $id) { permissions { id } } }', { id: roleId });
  const removePermissionIds = [data['role']?.['permissions']?.[0]?.['id']];
  const input = {
    roleId,
    removePermissionIds,
    addPermissions: [{ resource: 'page', action: 'read', conditions: { a: 1 } }],
  };
  const found = await everyone(admin, { ...input, grantTo: [other.toUpperCase()] });
  expect(found.map(({ user, gains, losses }) => [user.id, gains.length, losses.length]).sort()).toEqual(
    [
      // Narrower than a permission already held, so it was covered before.
      [one, 0, 1],
      [other, 1, 0],
    ].sort(),
  );
  expect((await preview(admin, { ...input, grantTo: [other], revokeFrom: [other] })).affectedUsersCount).toBe(1);
});

test('the system role of administrators stands for the flag', async () => {
  const { data } = await admin.ask('{ roles { id name } }');
  const all = data['roles'] as unknown as { id: string; name: string }[];
  const roleId = all.find(({ name }) => name === 'admin')?.id;
  const [one = ''] = await users(1);
  const given = await preview(admin, { roleId, grantTo: [one] });
  expect(given.users.nodes).toMatchObject([{ user: { id: one }, gains: [{ name: '*:*' }], losses: [] }]);
  expect(codes(given)).toEqual(['SYSTEM_ROLE input.roleId']);
  const taken = await preview(admin, { roleId, revokeFrom: [admin.userId] });
  expect(taken).toMatchObject({ losesLastAdministrator: true, affectedUsersCount: 1 });
  expect(taken.users.nodes[0]?.losses).toEqual([{ name: '*:*', resource: '*', action: '*', conditions: null }]);
  expect(taken.errors.map(({ code }) => code).sort()).toEqual(['LAST_ADMINISTRATOR', 'SYSTEM_ROLE']);
  const handed = await preview(admin, { roleId, grantTo: [one], revokeFrom: [admin.userId] });
  expect(handed).toMatchObject({ losesLastAdministrator: false, affectedUsersCount: 2 });
  expect(await preview(admin, { roleId, delete: true })).toMatchObject({
    losesLastAdministrator: true,
    affectedUsersCount: 1,
  });
  await rows('update users set is_active = false where id = $1', [one]);
  expect((await preview(admin, { roleId, grantTo: [one], revokeFrom: [admin.userId] })).losesLastAdministrator).toBe(
    true,
  );
});

const terms = { resource: 'page', action: 'read' };
const refused: [string, (ids: { roleId: string; user: string }) => Record<string, unknown>, string[]][] = [
  ['nothing at all', ({ roleId }) => ({ roleId }), ['INVALID_INPUT undefined']],
  ['no role', () => ({ roleId: randomUUID(), delete: true }), ['NOT_FOUND input.roleId']],
  ['no id', () => ({ roleId: `'; drop table users; --`, delete: true }), ['NOT_FOUND input.roleId']],
  ['too many', ({ roleId }) => ({ roleId, grantTo: Array(101).fill(randomUUID()) }), ['INVALID_INPUT input.grantTo']],
  [
    'unknown users',
    ({ roleId }) => ({ roleId, grantTo: ['x', randomUUID()] }),
    ['NOT_FOUND input.grantTo.0', 'NOT_FOUND input.grantTo.1'],
  ],
  [
    'an unknown permission',
    ({ roleId }) => ({ roleId, removePermissionIds: ['x'] }),
    ['NOT_FOUND input.removePermissionIds.0'],
  ],
  ...['all', 'a b', '', '-a', 'x'.repeat(65), 'pag\u00e9'].map((resource): (typeof refused)[number] => [
    `the resource ${resource.slice(0, 9)}`,
    ({ roleId }) => ({ roleId, addPermissions: [terms, { ...terms, resource }] }),
    ['INVALID_INPUT input.addPermissions.1.resource'],
  ]),
  ...[{ $where: 'x' }, { a: { $regex: 'x' } }, { a: `\${secret}` }].map((conditions): (typeof refused)[number] => [
    `the conditions ${JSON.stringify(conditions)}`,
    ({ roleId }) => ({ roleId, addPermissions: [{ ...terms, conditions }] }),
    ['INVALID_INPUT input.addPermissions.0.conditions'],
  ]),
  [
    'conditions on what a user does not have',
    ({ roleId }) => ({
      roleId,
      addPermissions: [{ resource: 'user', action: 'read', conditions: { $or: [{ id: me }, { shoe: 1 }] } }],
    }),
    ['INVALID_INPUT input.addPermissions.0.conditions'],
  ],
];
test.each(refused)('%s is told as an error', async (_, input, expected) => {
  const roleId = await role();
  const [user = ''] = await users(1);
  expect(codes(await preview(admin, input({ roleId, user })))).toEqual(expected);
});

test('aliases multiply the cost', async () => {
  const many = (count: number) => {
    const fields = Array.from(
      { length: count },
      (_, n) => `a${n}: previewRoleChange(input: $input) { affectedUsersCount }`,
    );
    return admin.ask(`query ($input: RoleChangeInput!) { ${fields.join(' ')} }`, { input: { roleId, delete: true } });
  };
  const roleId = await role();
  expect((await many(4)).codes).toEqual([]);
  expect((await many(5)).codes).toEqual(['QUERY_TOO_COMPLEX']);
});

test('a role has no room for more permissions than the mutation would add', async () => {
  const roleId = await role();
  await rows(
    `insert into permissions (id, role_id, name, resource, action, created_at)
     select gen_random_uuid(), $1, 'page', 'page-' || n, 'read', now() from generate_series(1, 199) n`,
    [roleId],
  );
  const removed = await permission(roleId, 'page', 'write');
  harness.app.services.signals.announce('roles');
  const [one, two] = ['list', 'share'].map((action) => ({ resource: 'page', action }));
  const asked = async (input: object) => codes(await preview(admin, { roleId, ...input }));
  expect(await asked({ addPermissions: [one] })).toEqual(['INVALID_INPUT input.addPermissions.0.roleId']);
  expect(await asked({ addPermissions: [one, two], removePermissionIds: [removed] })).toEqual([
    'INVALID_INPUT input.addPermissions.1.roleId',
  ]);
  expect(await asked({ addPermissions: [one], removePermissionIds: [removed] })).toEqual([]);
  expect((await admin.mutate('addPermission', { roleId, ...one }, 'permission { id }'))['errors']).toMatchObject([
    { code: 'INVALID_INPUT', field: ['input', 'roleId'] },
  ]);
});

describe('a caller with a role of their own', () => {
  const login = async (name: string, ...permissions: [string, string, object?][]) => {
    const client = await harness.person(name);
    await hold(await role(50, ...permissions), [client.userId ?? '']);
    harness.app.services.principals.forgetUser(client.userId ?? '');
    return client;
  };

  test('is told where the mutations would refuse them, and what would happen', async () => {
    const client = await login('manager', ['role', '*'], ['user', 'read']);
    const [user = ''] = await users(1);
    const high = await role(50, ['page', 'read']);
    const found = await preview(client, { roleId: high, grantTo: [user] });
    expect(found.affectedUsersCount).toBe(1);
    expect(codes(found)).toEqual(['ABOVE_OWN_LEVEL input.roleId', 'ABOVE_OWN_LEVEL input.roleId']);
    const low = await role(5);
    expect(codes(await preview(client, { roleId: low, grantTo: [admin.userId, user] }))).toEqual([
      'ABOVE_OWN_LEVEL input.grantTo.0',
    ]);
    const added = [
      { resource: 'role', action: 'read' },
      { resource: 'user', action: 'delete' },
    ];
    expect(codes(await preview(client, { roleId: low, addPermissions: added }))).toEqual([
      'ABOVE_OWN_LEVEL input.addPermissions.1.action',
    ]);
  });

  test('sees and counts whom they may read alone, and nobody else is there for them', async () => {
    const [seen = '', hidden = ''] = await users(2);
    const client = await login('reader', ['role', 'read'], ['user', 'read', { id: { $in: [seen] } }]);
    const roleId = await role(5, ['page', 'read']);
    await hold(roleId, [seen, hidden]);
    const found = await preview(client, { roleId, delete: true });
    expect([found.affectedUsersCount, found.users.totalCount, found.users.nodes.map(({ user }) => user.id)]).toEqual([
      1,
      1,
      [seen],
    ]);
    const taken = await preview(client, { roleId, revokeFrom: [seen, hidden] });
    expect([taken.affectedUsersCount, codes(taken)]).toEqual([1, ['NOT_FOUND input.revokeFrom.1']]);
  });

  test('who may read some roles may not ask of others', async () => {
    const client = await login('narrow', ['role', 'read', { level: { $lt: 9 } }], ['user', 'read']);
    const ask = async (level: number) =>
      (await client.ask(previewQuery, { input: { roleId: await role(level), delete: true } })).codes;
    expect([await ask(5), await ask(9)]).toEqual([[], ['FORBIDDEN']]);
  });

  test.each([['role'], ['user']])('who may read only a %s may not ask', async (resource) => {
    const client = await login(`only.${resource}`, [resource, 'read']);
    const answer = await client.ask(previewQuery, { input: { roleId: await role(), delete: true } });
    expect(answer.codes).toEqual(['FORBIDDEN']);
  });
});

test.each(transports)('nothing is written over %s', async (_, ask) => {
  const roleId = await role(5, ['page', 'read']);
  const [one = '', other = ''] = await users(2);
  await hold(roleId, [one]);
  const tables = await rows<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' and tablename not in ('rate_limits', 'sessions', 'signal_beats')`,
  );
  const checksums = () =>
    Promise.all(
      tables.map(async ({ name }) => {
        const [sum] = await rows<{ sum: string }>(
          `select md5(string_agg(t::text, ',' order by t::text)) as sum from "${name}" t`,
        );
        return [name, sum?.sum];
      }),
    );
  // Refusals of the tests before are recorded later, and events get their numbers after the commit.
  await refusalsPublished(harness, stranger);
  await allPublished(harness);
  const before = await checksums();
  const input = {
    roleId,
    addPermissions: [terms, { resource: 'x', action: 'y' }],
    grantTo: [other],
    revokeFrom: [one],
    delete: true,
  };
  const answer = await ask(harness.app.url, { query: previewQuery, variables: { input }, token: admin.token });
  expect([answer.codes, answer.data['previewRoleChange']?.['affectedUsersCount']]).toEqual([[], 1]);
  expect(await checksums()).toEqual(before);
});

test('pages of some hundred users keep their place while holders come and go', async () => {
  const roleId = await role(5, ['page', 'read']);
  const ids = await users(230);
  await hold(roleId, ids);
  const input = { roleId, delete: true };
  expect((await everyone(admin, input, 50)).map(({ user }) => user.id)).toEqual(ids);
  const first = await preview(admin, input, { first: 100 });
  expect(first).toMatchObject({ affectedUsersCount: 230, users: { totalCount: 230 } });
  await rows('delete from users where id = any($1::uuid[])', [[ids[3], ids[99], ids[120]]]);
  const next = await preview(admin, input, { first: 2, after: first.users.pageInfo.endCursor });
  expect(next.users.nodes.map(({ user }) => user.id)).toEqual(ids.slice(100, 102));
  expect(next.affectedUsersCount).toBe(227);
});

test('cursors and sizes that are not ours are refused', async () => {
  const roleId = await role();
  const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const pages = [
    ...['', 'x', cursor(['', `' or true --`]), cursor([1, randomUUID()]), cursor({}), 'A'.repeat(5000)].map(
      (after) => ({ after }),
    ),
    ...[0, -1, 101].map((first) => ({ first })),
  ];
  for (const page of pages)
    expect([page, (await admin.ask(previewQuery, { input: { roleId, delete: true }, ...page })).codes]).toEqual([
      page,
      ['BAD_USER_INPUT'],
    ]);
});
