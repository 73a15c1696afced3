import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { makeToken } from '../support/api-tokens.js';
import { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { type Given, give, makeRole, outcomeOf, permitTo } from '../support/roles.js';

/** Attacks by a manager of level 50 who holds typical permissions of a manager and tries to get more. */
const eu = { region: 'eu' };
const managing: Given = {
  name: 'manager',
  level: 50,
  permits: [
    ...['role:read', 'role:create', 'role:update', 'role:delete', 'role:grant', 'user:read', 'user:create'],
    'order:read',
    'report:*',
    ['invoice:read', eu],
  ],
};
let harness: Harness;
let admin: Client;
let manager: Client;
let member: Client;
let director: Client;
let own: string;
let count = 0;
/** Id of an empty role of level 10. */
let low: string;

beforeAll(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
  [manager, member, director] = [
    await harness.person('manager'),
    await harness.person('member'),
    await harness.person('director'),
  ];
  own = await makeRole(admin, managing);
  await give(admin, manager, own);
  await give(admin, director, await makeRole(admin, { name: 'director', level: 60 }));
});
beforeEach(async () => {
  low = await newRole(10);
});

const newRole = (level: number, permits: Given['permits'] = []) =>
  makeRole(admin, { name: `role ${++count}`, level, permits });
const tries = (mutation: string, input: Record<string, unknown>) => outcomeOf(manager, mutation, input);
const above = (field: string) => `ABOVE_OWN_LEVEL ${field}`;
const sql = () => harness.app.services.database.sql;
const everything = async () =>
  JSON.stringify(
    await Promise.all(
      ['roles', 'permissions', 'role_grants', 'role_names'].map((table) => sql().rows(`select * from ${table}`)),
    ),
  );
/** Creates a person who holds a new role with these terms. */
async function holderOf(given: Omit<Given, 'name'>, expiresAt: string | null = null): Promise<Client> {
  const person = await harness.person(`holder.${++count}`);
  await give(admin, person, await newRole(given.level, given.permits), expiresAt);
  return person;
}

test.each([1, 49])('a role of level %d is made', async (level) => {
  expect(await tries('createRole', { name: `made ${level}`, level })).toBe('ok');
});

describe('nothing changes when a manager tries', () => {
  const forbidden: [what: string, attempt: () => Promise<string>, outcome: string][] = [
    ['a role of the own level', () => tries('createRole', { name: 'peer', level: 50 }), above('level')],
    ['a role above', () => tries('createRole', { name: 'boss', level: 99 }), above('level')],
    ['renaming the own role', () => tries('updateRole', { roleId: own, name: 'x' }), above('roleId')],
    ['lowering the own role', () => tries('updateRole', { roleId: own, level: 1 }), above('roleId')],
    ['deleting the own role', () => tries('deleteRole', { roleId: own }), above('roleId')],
    [
      'adding to the own role, even what it holds',
      () => tries('addPermission', { roleId: own, resource: 'order', action: 'read' }),
      above('roleId'),
    ],
    ['giving the own role away', () => tries('grantRole', { userId: member.userId, roleId: own }), above('roleId')],
    ['laying the own role down', () => tries('revokeRole', { userId: manager.userId, roleId: own }), above('roleId')],
    ['raising a role to the own level', () => tries('updateRole', { roleId: low, level: 50 }), above('level')],
    ['raising a role beyond', () => tries('updateRole', { roleId: low, level: 99 }), above('level')],
    ['giving to a higher account', () => tries('grantRole', { userId: director.userId, roleId: low }), above('userId')],
    [
      'giving to an administrator',
      () => tries('grantRole', { userId: admin.userId?.toUpperCase(), roleId: low }),
      above('userId'),
    ],
    [
      'making an account with a role of the own level',
      () => tries('createUser', { username: 'puppet', email: 'puppet@example.com', password, roleIds: [low, own] }),
      above('roleIds'),
    ],
  ];
  test.each(forbidden)('%s', async (_what, attempt, outcome) => {
    const before = await everything();
    expect(await attempt()).toBe(outcome);
    expect(await everything()).toBe(before);
  });

  const permits: [what: string, resource: string, action: string, conditions?: object][] = [
    ['an action that is not held', 'order', 'write'],
    ['any action', 'order', '*'],
    ['any resource', '*', 'read'],
    ['everything', '*', '*'],
    ['everything, under conditions', '*', '*', eu],
    ['what they may only under conditions', 'invoice', 'read'],
    ['it with empty conditions', 'invoice', 'read', {}],
    ['it elsewhere', 'invoice', 'read', { region: 'us' }],
    ['it anywhere', 'invoice', 'read', { region: { $exists: true } }],
    ['it and more', 'invoice', 'read', { $or: [eu, { region: 'us' }] }],
    ['an own resource', 'user', 'delete'],
    ['what makes administrators', 'user', 'administer'],
  ];
  const rows = permits.map(([what, resource, action, conditions = null]) => ({ what, resource, action, conditions }));
  test.each(rows)('permitting $what', async ({ resource, action, conditions }) => {
    const before = await everything();
    expect(await tries('addPermission', { roleId: low, resource, action, conditions })).toBe(above('action'));
    expect(await everything()).toBe(before);
  });
});

test.each([
  ['what they hold', 'order', 'read', null],
  ['a part of what they hold', 'order', 'read', eu],
  ['one action of all', 'report', 'print', null],
  ['all of a resource', 'report', '*', null],
  ['the same conditions', 'invoice', 'read', eu],
  ['what everyone holds', 'profile', 'update', { userId: `\${user.id}` }],
])('%s is permitted to others', async (_what, resource, action, conditions) => {
  expect(await tries('addPermission', { roleId: low, resource, action, conditions })).toBe('ok');
  expect(await tries('grantRole', { userId: member.userId, roleId: low })).toBe('ok');
});

test('a role of others is handed out only while all of it is held', async () => {
  const roleId = await newRole(10, ['order:read']);
  const foreign = await permitTo(admin, roleId, 'payroll:read');
  const input = { userId: member.userId, roleId };
  expect(await tries('grantRole', input)).toBe(above('roleId'));
  expect(await tries('grantRole', { ...input, userId: manager.userId })).toBe(above('roleId'));
  const account = { username: 'owned', email: 'owned@example.com', password };
  expect(await tries('createUser', { ...account, roleIds: [roleId] })).toBe(above('roleIds'));
  await give(admin, member, roleId);
  expect(await tries('revokeRole', input)).toBe('ok');
  expect(await tries('removePermission', { permissionId: foreign })).toBe('ok');
  expect(await tries('grantRole', input)).toBe('ok');
  expect(await tries('createUser', { ...account, roleIds: [roleId] })).toBe('ok');
});

test('nothing is taken from a higher account', async () => {
  await give(admin, director, low);
  await give(admin, admin, low);
  for (const { userId } of [director, admin])
    expect(await tries('revokeRole', { userId, roleId: low })).toBe(above('userId'));
});

test('one role does not lift the next: making, filling and holding it gives nothing new', async () => {
  const roleId = await makeRole(manager, { name: 'ladder', level: 10 });
  expect(await tries('grantRole', { userId: manager.userId, roleId })).toBe('ok');
  expect(await tries('addPermission', { roleId, resource: 'payroll', action: 'read' })).toBe(above('action'));
  expect(await tries('updateRole', { roleId, level: 49 })).toBe('ok');
  expect(await tries('updateRole', { roleId, level: 50 })).toBe(above('level'));
  // Nor can a member be used to do it for the manager.
  await permitTo(manager, roleId, 'role:update');
  await give(manager, member, roleId);
  const attempt = { roleId: low, resource: 'payroll', action: 'read' };
  expect(await outcomeOf(member, 'addPermission', attempt)).toBe(above('action'));
  expect(await outcomeOf(member, 'updateRole', { roleId, name: 'own' })).toBe(above('roleId'));
  await admin.mutate('deleteRole', { roleId }, 'deletedRoleId');
});

test('the role of everyone is edited by whoever is above it, with what they hold', async () => {
  const row = await sql().row<{ id: string }>("select id from roles where is_system and name = 'user'");
  const roleId = String(row?.id);
  expect(await tries('addPermission', { roleId, resource: '*', action: '*' })).toBe(above('action'));
  const permissionId = await permitTo(manager, roleId, 'order:read');
  expect(await tries('removePermission', { permissionId })).toBe('ok');
  expect(await tries('updateRole', { roleId, name: 'everyone' })).toBe('SYSTEM_ROLE name');
  expect(await tries('deleteRole', { roleId })).toBe('SYSTEM_ROLE roleId');
  const ground = await holderOf({ level: 10, permits: ['role:update'] });
  expect(await outcomeOf(ground, 'updateRole', { roleId, description: 'All' })).toBe('ok');
});

describe('an API token', () => {
  const withToken = async (scopes: string[]) =>
    harness.client({ 'x-api-key': (await makeToken(manager, scopes)).token });

  test('hands out no more than its scopes', async () => {
    const grantor = await withToken(['role:grant']);
    const input = { userId: member.userId, roleId: await newRole(10, ['order:read']) };
    expect(await outcomeOf(grantor, 'grantRole', input)).toBe(above('roleId'));
    expect(await outcomeOf(grantor, 'grantRole', { ...input, roleId: low })).toBe('ok');
    expect(await outcomeOf(grantor, 'revokeRole', { ...input, roleId: low })).toBe('ok');
    expect(await outcomeOf(await withToken(['role:grant', 'order:read']), 'grantRole', input)).toBe('ok');
  });

  test('permits no more than its scopes, and edits only with one', async () => {
    const editor = await withToken(['role:update', 'order:read']);
    const input = { roleId: low, resource: 'report', action: 'read' };
    expect(await outcomeOf(editor, 'addPermission', input)).toBe(above('action'));
    expect(await outcomeOf(editor, 'addPermission', { ...input, resource: 'order', action: '*' })).toBe(
      above('action'),
    );
    expect(await outcomeOf(editor, 'addPermission', { ...input, resource: 'order' })).toBe('ok');
    for (const [mutation, more] of [
      ['createRole', { name: 'x', level: 1 }],
      ['deleteRole', { roleId: low }],
      ['grantRole', { roleId: low, userId: member.userId }],
      ['revokeRole', { roleId: low, userId: member.userId }],
    ] as const)
      expect([mutation, await outcomeOf(editor, mutation, more)]).toEqual([mutation, 'FORBIDDEN']);
  });

  test("an administrator's own is held to its scopes", async () => {
    const token = await makeToken(admin, ['role:*']);
    const all = harness.client({ 'x-api-key': token.token });
    const input = { roleId: low, resource: 'order', action: 'read' };
    expect(await outcomeOf(all, 'addPermission', input)).toBe(above('action'));
    expect(await outcomeOf(all, 'addPermission', { ...input, resource: 'role', action: '*' })).toBe('ok');
  });
});

describe('permission under conditions', () => {
  const input = () => ({ userId: member.userId, roleId: low });

  test('role:grant on one name', async () => {
    const editor = await makeRole(admin, { name: 'editor', level: 10 });
    const clerk = await holderOf({ level: 20, permits: [['role:grant', { name: 'editor' }]] });
    expect(await outcomeOf(clerk, 'grantRole', { ...input(), roleId: editor })).toBe('ok');
    expect(await outcomeOf(clerk, 'revokeRole', { ...input(), roleId: editor })).toBe('ok');
    for (const mutation of ['grantRole', 'revokeRole'])
      expect(await outcomeOf(clerk, mutation, input())).toBe('FORBIDDEN');
    await admin.mutate('updateRole', { roleId: editor, name: 'corrector' }, 'role { id }');
    expect(await outcomeOf(clerk, 'grantRole', { ...input(), roleId: editor })).toBe('FORBIDDEN');
  });

  test('role:grant below a level, also with a new account', async () => {
    const below10 = { level: { $lt: 10 } };
    const clerk = await holderOf({ level: 20, permits: ['user:create', ['role:grant', below10]] });
    const [nine, ten] = [await newRole(9), await newRole(10)];
    expect(await outcomeOf(clerk, 'grantRole', { ...input(), roleId: nine })).toBe('ok');
    expect(await outcomeOf(clerk, 'grantRole', { ...input(), roleId: ten })).toBe('FORBIDDEN');
    const account = (n: number) => ({ username: `made.${n}`, email: `made.${n}@example.com`, password });
    expect(await outcomeOf(clerk, 'createUser', { ...account(1), roleIds: [nine] })).toBe('ok');
    expect(await outcomeOf(clerk, 'createUser', { ...account(2), roleIds: [nine, ten] })).toBe('FORBIDDEN');
    expect(await sql().rows("select 1 from users where username = 'made.2'")).toEqual([]);
  });

  test('role:update holds for the role before and after', async () => {
    const clerk = await holderOf({ level: 20, permits: [['role:update', { level: { $lt: 10 } }]] });
    const roleId = await newRole(5);
    expect(await outcomeOf(clerk, 'updateRole', { roleId, level: 9 })).toBe('ok');
    expect(await outcomeOf(clerk, 'updateRole', { roleId, level: 10 })).toBe('FORBIDDEN');
    expect(await outcomeOf(clerk, 'updateRole', { roleId: low, level: 9 })).toBe('FORBIDDEN');
    expect(await outcomeOf(clerk, 'addPermission', { roleId: low, resource: 'x', action: 'y' })).toBe('FORBIDDEN');
    const permissionId = await permitTo(admin, low, 'x:y');
    expect(await outcomeOf(clerk, 'removePermission', { permissionId })).toBe('FORBIDDEN');
  });

  test('role:create, role:delete and role:read look at the role too', async () => {
    const mine = { name: { $in: ['temporary', 'passing'] } };
    const permits = (['role:create', 'role:delete', 'role:read'] as const).map((each) => [each, mine] as const);
    const clerk = await holderOf({ level: 20, permits });
    expect(await outcomeOf(clerk, 'createRole', { name: 'lasting', level: 1 })).toBe('FORBIDDEN');
    expect(await outcomeOf(clerk, 'createRole', { name: 'temporary', level: 1 })).toBe('ok');
    const { data } = await clerk.ask('{ roles { id name } }');
    expect(data['roles']).toEqual([{ id: expect.any(String), name: 'temporary' }]);
    const show = async (id: string) => await clerk.ask(`{ role(id: "${id}") { name } node(id: "${id}") { id } }`);
    expect(await show(low)).toMatchObject({ codes: ['FORBIDDEN'], data: { role: null, node: null } });
    const roleId = String(data['roles']?.[0]?.['id']);
    expect((await show(roleId)).data).toEqual({ role: { name: 'temporary' }, node: { id: roleId } });
    expect(await outcomeOf(clerk, 'deleteRole', { roleId: low })).toBe('FORBIDDEN');
    expect(await outcomeOf(clerk, 'deleteRole', { roleId })).toBe('ok');
  });
});

describe('rights that end', () => {
  test('hold to the last millisecond and not beyond', async () => {
    const end = harness.clock.now().getTime() + 60_000;
    const clerk = await holderOf({ level: 20, permits: ['role:grant'] }, new Date(end).toISOString());
    const input = { userId: member.userId, roleId: low };
    const { now } = harness.clock;
    try {
      harness.clock.now = () => new Date(end - 1);
      expect(await outcomeOf(clerk, 'grantRole', input)).toBe('ok');
      harness.clock.now = () => new Date(end);
      expect(await outcomeOf(clerk, 'revokeRole', input)).toBe('FORBIDDEN');
    } finally {
      harness.clock.now = now;
    }
  });

  test('are gone with the next request, in this process and in another', async () => {
    const other = await harness.another();
    const roleId = await newRole(20);
    const clerk = await harness.person('clerk');
    const there = Object.assign(new Client(other.url), { token: clerk.token });
    await give(admin, clerk, roleId);
    const edit = (client: Client) => outcomeOf(client, 'updateRole', { roleId: low });
    const isLost = async () => {
      expect(await edit(clerk)).toBe('FORBIDDEN');
      await eventually(async () => (await edit(there)) === 'FORBIDDEN');
    };
    const isHeld = async () => {
      expect(await edit(clerk)).toBe('ok');
      await eventually(async () => (await edit(there)) === 'ok');
    };
    await isLost();
    const permissionId = await permitTo(admin, roleId, 'role:update');
    await isHeld();
    await admin.mutate('removePermission', { permissionId }, 'removedPermissionId');
    await isLost();
    await permitTo(admin, roleId, 'role:update');
    await isHeld();
    await admin.mutate('revokeRole', { userId: clerk.userId, roleId }, 'grant { id }');
    await isLost();
    await give(admin, clerk, roleId);
    await isHeld();
    await admin.mutate('deleteRole', { roleId }, 'deletedRoleId');
    await isLost();
  });
});
