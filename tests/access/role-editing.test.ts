import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Client, Json } from '../support/client.js';
import { Harness } from '../support/harness.js';
import { give, makeRole, outcomeOf, permitTo } from '../support/roles.js';
import { transports } from '../support/transports.js';

let harness: Harness;
let admin: Client;
let person: Client;
let count = 0;
beforeAll(async () => {
  harness = await Harness.start();
  [admin, person] = [await harness.admin(), await harness.person('member')];
});

const sql = () => harness.app.services.database.sql;
const newRole = (permits: string[] = []) => makeRole(admin, { name: `role ${++count}`, level: 10, permits });
const try_ = (mutation: string, input: Record<string, unknown>) => outcomeOf(admin, mutation, input);
const roleFields = 'role { id name description level updatedAt permissions { id name resource action conditions } }';
const read = async (id: string) =>
  (await admin.ask(`query ($id: ID!) { ${roleFields.replace('role', 'role(id: $id)')} }`, { id })).data['role'] as Json;
const systemRole = async (name: string) =>
  String((await sql().row<{ id: string }>('select id from roles where is_system and name = $1', [name]))?.id);
const eventsOf = async (roleId: string) =>
  (
    await sql().rows<{ type: string; details: Json }>(
      "select type, details from every_event where details->>'roleId' = $1 order by position",
      [roleId],
    )
  ).map(({ type, details }) => [type, details]);

describe('updateRole', () => {
  test('changes what is given, keeps the former name and tells what it did', async () => {
    const roleId = await newRole();
    const payload = await admin.mutate(
      'updateRole',
      { roleId: roleId.toUpperCase(), name: ' Renamed ', description: 'What it is for', level: 99 },
      roleFields,
    );
    expect(payload['errors']).toEqual([]);
    expect(payload['role']).toMatchObject({ id: roleId, name: 'Renamed', description: 'What it is for', level: 99 });
    expect(await read(roleId)).toMatchObject({ name: 'Renamed', level: 99 });
    const names = 'select name from role_names where role_id = $1 order by serial';
    expect(await sql().rows(names, [roleId])).toEqual([{ name: `role ${count}` }, { name: 'Renamed' }]);
    expect((await eventsOf(roleId)).at(-1)).toEqual([
      'ROLE_UPDATED',
      {
        roleId,
        role: 'Renamed',
        before: { name: `role ${count}`, description: null, level: 10 },
        after: { name: 'Renamed', description: 'What it is for', level: 99 },
        changes: {
          name: { from: `role ${count}`, to: 'Renamed' },
          description: { from: null, to: 'What it is for' },
          level: { from: 10, to: 99 },
        },
      },
    ]);
  });

  test('takes null and what is absent as it should, and nothing new for no change', async () => {
    const roleId = await newRole();
    await try_('updateRole', { roleId, description: 'kept' });
    const before = await read(roleId);
    for (const same of [{}, { name: null, level: null }, { name: before['name'], level: 10 }, { description: 'kept' }])
      expect(await try_('updateRole', { roleId, ...same })).toBe('ok');
    expect(await read(roleId)).toEqual(before);
    expect(await eventsOf(roleId)).toHaveLength(2);
    expect(await try_('updateRole', { roleId, description: null })).toBe('ok');
    expect((await read(roleId))['description']).toBeNull();
  });

  test.each([
    ['name', { name: '' }],
    ['name', { name: 'a\nb' }],
    ['name', { name: 'x'.repeat(65) }],
    ['level', { level: 0 }],
    ['level', { level: 100 }],
    ['level', { level: -1 }],
    ['description', { description: 'x'.repeat(501) }],
  ])('refuses what will not do as %s: %j', async (field, change) => {
    expect(await try_('updateRole', { roleId: await newRole(), ...change })).toBe(`INVALID_INPUT ${field}`);
  });

  test('names are one in any case; one that is free again may be taken', async () => {
    const [one, other] = [await newRole(), await newRole()];
    const name = String((await read(one))['name']);
    expect(await try_('updateRole', { roleId: other, name: name.toUpperCase() })).toBe('NAME_TAKEN name');
    expect(await try_('updateRole', { roleId: one, name: name.toUpperCase() })).toBe('ok');
    expect(await try_('updateRole', { roleId: one, name: `${name} before` })).toBe('ok');
    expect(await try_('updateRole', { roleId: other, name })).toBe('ok');
  });
});

describe('permissions', () => {
  test('are added, shown, removed, and stay on record', async () => {
    const roleId = await newRole();
    const conditions = { authorId: `\${user.id}`, $or: [{ published: true }, { category: { $in: ['a', 'b'] } }] };
    const { permission } = await admin.mutate(
      'addPermission',
      { roleId: roleId.toUpperCase(), resource: ' Post', action: 'READ', name: 'Own posts', conditions },
      'permission { id name resource action conditions role { id } }',
    );
    const shown = { name: 'Own posts', resource: 'post', action: 'read', conditions };
    expect(permission).toEqual({ id: expect.any(String), ...shown, role: { id: roleId } });
    const id = String(permission?.['id']);
    expect((await read(roleId))['permissions']).toEqual([{ id, ...shown }]);
    const removal = await admin.mutate('removePermission', { permissionId: id.toUpperCase() }, 'removedPermissionId');
    expect(removal['removedPermissionId']).toBe(id);
    expect((await read(roleId))['permissions']).toEqual([]);
    expect(await sql().row('select removed_at > created_at as kept from permissions where id = $1', [id])).toEqual({
      kept: true,
    });
    expect((await admin.ask(`{ node(id: "${id}") { id } }`)).data['node']).toBeNull();
    const told = { permissionId: id, ...shown };
    expect((await eventsOf(roleId)).slice(1)).toEqual([
      [
        'ROLE_UPDATED',
        { roleId, role: `role ${count}`, added: told, changes: { permission: { from: null, to: 'post:read' } } },
      ],
      [
        'ROLE_UPDATED',
        { roleId, role: `role ${count}`, removed: told, changes: { permission: { from: 'post:read', to: null } } },
      ],
    ]);
    expect(await try_('removePermission', { permissionId: id })).toBe('NOT_FOUND permissionId');
  });

  test('are one per role, resource and action while they live', async () => {
    const [roleId, other] = [await newRole(), await newRole()];
    const id = await permitTo(admin, roleId, 'order:read');
    for (const variant of [{}, { action: ' READ' }, { name: 'Another' }, { conditions: { a: 1 } }])
      expect(await try_('addPermission', { roleId, resource: 'order', action: 'read', ...variant })).toBe(
        'NAME_TAKEN action',
      );
    for (const [role, permission] of [
      [roleId, 'order:write'],
      [roleId, 'order:*'],
      [other, 'order:read'],
    ] as const)
      await permitTo(admin, role, permission);
    await admin.mutate('removePermission', { permissionId: id }, 'removedPermissionId');
    await permitTo(admin, roleId, 'order:read', { a: 1 });
  });

  test.each([
    ['resource', { resource: 'all' }],
    ['action', { action: 'manage' }],
    ['action', { resource: 'user', action: 'fly' }],
    ['name', { name: '' }],
    ['conditions', { conditions: { a: { $regex: 'x' } } }],
    ['conditions', { resource: 'security-event', conditions: { id: 1 } }],
  ])('that will not do as to %s are refused: %j', async (field, wrong) => {
    const input = { roleId: await newRole(), resource: 'order', action: 'read', ...wrong };
    expect(await try_('addPermission', input)).toBe(`INVALID_INPUT ${field}`);
  });

  test('are at most 200 to a role, of those that live', async () => {
    const roleId = await newRole();
    await sql().rows(
      `insert into permissions (id, role_id, name, resource, action, created_at, removed_at)
       select gen_random_uuid(), $1, 'x', 'order', 'a' || n, now(), case when n > 198 then now() end from generate_series(1, 300) n`,
      [roleId],
    );
    const tries = await Promise.all(
      Array.from({ length: 10 }, (_, n) => try_('addPermission', { roleId, resource: 'more', action: `a${n}` })),
    );
    expect(tries.sort()).toEqual([...Array(8).fill('INVALID_INPUT roleId'), 'ok', 'ok']);
  });

  test('take effect for who holds the role, at once', async () => {
    const roleId = await newRole(['role:read']);
    await give(admin, person, roleId);
    const sees = async (query: string) => (await person.ask(query)).codes;
    expect(await sees('{ roles { id } }')).toEqual([]);
    expect(await sees('{ users { totalCount } }')).toEqual(['FORBIDDEN']);
    const id = await permitTo(admin, roleId, 'user:read');
    expect(await sees('{ users { totalCount } }')).toEqual([]);
    await admin.mutate('removePermission', { permissionId: id }, 'removedPermissionId');
    expect(await sees('{ users { totalCount } }')).toEqual(['FORBIDDEN']);
    await admin.mutate('deleteRole', { roleId }, 'deletedRoleId');
    expect(await sees('{ roles { id } }')).toEqual(['FORBIDDEN']);
  });
});

describe('deleteRole', () => {
  test('leaves nothing to hold, and all of it on record', async () => {
    const roleId = await newRole(['order:read']);
    const grantId = await give(admin, person, roleId);
    const payload = await admin.mutate('deleteRole', { roleId: roleId.toUpperCase() }, 'deletedRoleId');
    expect(payload['deletedRoleId']).toBe(roleId);
    expect((await eventsOf(roleId)).at(-1)).toEqual(['ROLE_DELETED', { roleId, role: `role ${count}`, level: 10 }]);
    expect(await read(roleId)).toBeNull();
    const { data } = await person.ask(
      '{ viewer { roles { id } grants(includeInactive: true) { id isActive role { id viewerCanGrant } } } }',
    );
    expect(data['viewer']?.['roles']).not.toContainEqual({ id: roleId });
    expect(data['viewer']?.['grants']).toContainEqual({
      id: grantId,
      isActive: false,
      role: { id: roleId, viewerCanGrant: false },
    });
    expect(
      await sql().row(
        'select revoked_at, removed_at from role_grants g join permissions using (role_id) where role_id = $1',
        [roleId],
      ),
    ).toEqual({ revoked_at: null, removed_at: null });
  });

  test('makes every change of the role NOT_FOUND, and its name free for another role', async () => {
    const roleId = await newRole();
    const permissionId = await permitTo(admin, roleId, 'order:read');
    await give(admin, person, roleId);
    const name = String((await read(roleId))['name']);
    await admin.mutate('deleteRole', { roleId }, 'deletedRoleId');
    const userId = person.userId;
    expect(await try_('updateRole', { roleId, level: 5 })).toBe('NOT_FOUND roleId');
    expect(await try_('deleteRole', { roleId })).toBe('NOT_FOUND roleId');
    expect(await try_('addPermission', { roleId, resource: 'order', action: 'x' })).toBe('NOT_FOUND roleId');
    expect(await try_('removePermission', { permissionId })).toBe('NOT_FOUND permissionId');
    expect(await try_('grantRole', { roleId, userId })).toBe('NOT_FOUND roleId');
    expect(await try_('revokeRole', { roleId, userId })).toBe('NOT_FOUND roleId');
    const successor = await makeRole(admin, { name, level: 20 });
    const { data } = await person.ask('{ viewer { roles { id name } } }');
    expect(data['viewer']?.['roles']).not.toContainEqual(expect.objectContaining({ name }));
    expect(await try_('revokeRole', { roleId: successor, userId })).toBe('NOT_FOUND roleId');
    expect(await try_('grantRole', { roleId: successor, userId })).toBe('ok');
  });
});

describe('system roles', () => {
  test.each(['user', 'admin'])('%s is not deleted, renamed, moved, given or taken', async (name) => {
    const roleId = await systemRole(name);
    const userId = person.userId;
    expect(await try_('deleteRole', { roleId })).toBe('SYSTEM_ROLE roleId');
    expect(await try_('grantRole', { roleId, userId })).toBe('SYSTEM_ROLE roleId');
    expect(await try_('revokeRole', { roleId, userId })).toBe('SYSTEM_ROLE roleId');
    const above = 'ABOVE_OWN_LEVEL roleId';
    expect(await try_('updateRole', { roleId, name: 'x' })).toBe(name === 'admin' ? above : 'SYSTEM_ROLE name');
    expect(await try_('updateRole', { roleId, level: 5 })).toBe(name === 'admin' ? above : 'SYSTEM_ROLE level');
    expect(await try_('updateRole', { roleId, name, level: null })).toBe(name === 'admin' ? above : 'ok');
  });

  test('user has a description and permissions that change; admin is above everybody', async () => {
    const [user, admins] = [await systemRole('user'), await systemRole('admin')];
    expect(await try_('updateRole', { roleId: user, description: 'All of us', level: 0 })).toBe('ok');
    const permissionId = await permitTo(admin, user, 'role:read');
    expect((await person.ask('{ roles { id } }')).codes).toEqual([]);
    await admin.mutate('removePermission', { permissionId }, 'removedPermissionId');
    expect((await person.ask('{ roles { id } }')).codes).toEqual(['FORBIDDEN']);
    const above = 'ABOVE_OWN_LEVEL roleId';
    expect(await try_('updateRole', { roleId: admins, description: 'x' })).toBe(above);
    expect(await try_('addPermission', { roleId: admins, resource: 'order', action: 'read' })).toBe(above);
  });
});

describe('ids that name nothing', () => {
  const ids = async () => [crypto.randomUUID(), 'nonsense', '', `{${await newRole()}}`, String(person.userId)];

  test.each([
    ['updateRole', 'roleId', { level: 5 }],
    ['deleteRole', 'roleId', {}],
    ['addPermission', 'roleId', { resource: 'order', action: 'read' }],
    ['removePermission', 'permissionId', {}],
  ])('%s finds nothing behind them', async (mutation, field, more) => {
    for (const id of [...(await ids()), await permissionOrRole(mutation)])
      expect([id, await try_(mutation, { [field]: id, ...more })]).toEqual([id, `NOT_FOUND ${field}`]);
  });
  /** Id of an existing row of the other kind: a role for `removePermission`, otherwise a permission. */
  const permissionOrRole = async (mutation: string) =>
    mutation === 'removePermission' ? newRole() : permitTo(admin, await newRole(), 'order:read');

  test('nor do grants', async () => {
    const roleId = await newRole();
    for (const id of await ids()) {
      if (id !== person.userId) expect(await try_('grantRole', { userId: id, roleId })).toBe('NOT_FOUND userId');
      expect(await try_('grantRole', { userId: person.userId, roleId: id })).toBe('NOT_FOUND roleId');
      expect(await try_('revokeRole', { userId: person.userId, roleId: id })).toBe('NOT_FOUND roleId');
    }
    const capitals = { userId: person.userId?.toUpperCase(), roleId: roleId.toUpperCase() };
    expect(await try_('grantRole', capitals)).toBe('ok');
    expect(await try_('revokeRole', capitals)).toBe('ok');
  });
});

test('at most 1,000 roles live, also when many are made at once', async () => {
  const full = await Harness.start();
  const { sql: its } = full.app.services.database;
  await its.rows(`insert into roles (id, name, level, created_at, updated_at, deleted_at)
    select gen_random_uuid(), 'filler ' || n, 1, now(), now(), case when n > 995 then now() end from generate_series(1, 1100) n`);
  const root = await full.admin();
  const tries = Array.from({ length: 10 }, (_, n) => outcomeOf(root, 'createRole', { name: `new ${n}`, level: 1 }));
  expect((await Promise.all(tries)).sort()).toEqual([...Array(7).fill('INVALID_INPUT'), 'ok', 'ok', 'ok']);
  await full.close();
}, 60_000);

test('who gave and took a role is named when their account is gone', async () => {
  const [giver, roleId] = [await harness.person('giver'), await newRole()];
  await give(admin, giver, await makeRole(admin, { name: 'givers', level: 50, permits: ['role:grant'] }));
  await give(giver, person, roleId);
  await giver.mutate('revokeRole', { userId: person.userId, roleId }, 'grant { id }');
  const fields = 'grantedBy { username } grantedByName revokedBy { username } revokedByName role { id }';
  const grants = async () => {
    const { data } = await person.ask(`{ viewer { grants(includeInactive: true) { ${fields} } } }`);
    const all = (data['viewer']?.['grants'] ?? []) as readonly Json[];
    return all.filter((grant) => grant['role']?.['id'] === roleId);
  };
  const named = { grantedByName: 'giver', revokedByName: 'giver', role: { id: roleId } };
  const present = { grantedBy: { username: 'giver' }, revokedBy: { username: 'giver' } };
  expect(await grants()).toEqual([{ ...present, ...named }]);
  await admin.mutate('deleteUser', { userId: giver.userId }, 'deletedUserId');
  expect(await grants()).toEqual([{ grantedBy: null, revokedBy: null, ...named }]);
});

test('the catalogue names what Gatehouse asks for', async () => {
  const { data } = await admin.ask('{ permissionCatalogue { resource action description attributes } }');
  expect(data['permissionCatalogue']).toContainEqual({
    resource: 'role',
    action: 'grant',
    description: expect.any(String),
    attributes: ['id', 'name', 'level', 'isSystem'],
  });
});

test.each(transports)('a role has its whole life over %s', async (transport, ask) => {
  const run = async (query: string, variables = {}) =>
    (await ask(harness.app.url, { query, variables, token: admin.token })).data;
  const created = await run(`mutation { createRole(input: { name: "By ${transport}", level: 3 }) { role { id } } }`);
  const roleId = created['createRole']?.['role']?.['id'];
  const added = await run(
    `mutation ($conditions: JSONObject) { addPermission(input: { roleId: "${roleId}", resource: "order", action: "*", conditions: $conditions }) { permission { id conditions } } }`,
    { conditions: { a: { $in: [1, 'b'] } } },
  );
  const permission = added['addPermission']?.['permission'];
  expect(permission?.['conditions']).toEqual({ a: { $in: [1, 'b'] } });
  const removed = await run(
    `mutation { removePermission(input: { permissionId: "${permission?.['id']}" }) { removedPermissionId } }`,
  );
  expect(removed['removePermission']).toEqual({ removedPermissionId: permission?.['id'] });
  const deleted = await run(
    `mutation { deleteRole(input: { roleId: "${roleId}" }) { deletedRoleId errors { code } } }`,
  );
  expect(deleted['deleteRole']).toEqual({ deletedRoleId: roleId, errors: [] });
});

test('conditions that were written past the service permit nothing, and stop nothing', async () => {
  const roleId = await makeRole(admin, { name: 'Written past', level: 3, permits: ['order:read'] });
  const text = `insert into permissions (id, role_id, name, resource, action, conditions, created_at)
    values (gen_random_uuid(), $1, $2, 'order', $2, $3::jsonb, now())`;
  const broken = [{ $where: '1' }, { a: { $gt: null } }, 'text', false, { a: { $in: 'x' } }, [], { ['$' + '{x}']: 1 }];
  for (const [place, conditions] of broken.entries())
    await harness.app.services.database.sql.rows(text, [roleId, `act-${place}`, JSON.stringify(conditions)]);
  const holder = await harness.person('written.past');
  await admin.mutate('grantRole', { roleId, userId: holder.userId }, 'grant { id }');
  const checks = ['read', ...broken.keys()].map((name) => ({
    resource: 'order',
    action: typeof name === 'number' ? `act-${name}` : name,
    attributes: { a: 'x' },
  }));
  const { data, codes } = await holder.ask('query ($checks: [AccessCheck!]!) { viewer { can(checks: $checks) } }', {
    checks,
  });
  expect(codes).toEqual([]);
  expect(data['viewer']?.['can']).toEqual([true, ...broken.map(() => false)]);
});

test('with a role its grants end, but for one that had ended by itself', async () => {
  const holder = await harness.person('held.it');
  const { userId } = holder;
  const expiresAt = new Date(harness.clock.now().getTime() + 60_000).toISOString();
  const roleIds = [await newRole(), await newRole()];
  for (const [place, roleId] of roleIds.entries())
    await admin.mutate('grantRole', { roleId, userId, expiresAt: place === 0 ? expiresAt : null }, 'grant { id }');
  harness.clock.advance(60_000);
  admin = await harness.admin();
  for (const roleId of roleIds) await admin.mutate('deleteRole', { roleId }, 'deletedRoleId');
  const { data } = await admin.ask(
    `{ user(id: "${userId}") { grants(includeInactive: true) { isActive revokedAt role { id } } } }`,
  );
  const grants = data['user']?.['grants'] as unknown as readonly Record<string, Record<string, string>>[];
  const revoked = roleIds.map((id) => grants.find(({ role }) => role?.['id'] === id)?.['revokedAt']);
  expect(revoked).toEqual([null, expect.any(String)]);
  expect(grants.filter(({ isActive }) => isActive)).toHaveLength(1);
});
