import { beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { makeToken } from '../support/api-tokens.js';
import { Client } from '../support/client.js';
import { allPublished } from '../support/events.js';
import { Harness } from '../support/harness.js';
import { preview } from '../support/preview.js';
import { type Given, give, makeRole, outcomeOf, permitTo } from '../support/roles.js';

jest.setTimeout(60_000);

const unknown = '00000000-0000-4000-8000-000000000000';

let harness: Harness;
let admin: Client;
/** Has level 50 and all permissions on orders. */
let manager: Client;
let [anna, bert]: Client[] = [];
let roleId: string;
let count = 0;

beforeAll(async () => {
  harness = await Harness.start({ DATABASE_POOL_SIZE: '10' });
  admin = await harness.admin();
  [anna, bert, manager] = [await harness.person('anna'), await harness.person('bert'), await harness.person('manager')];
  const permits = ['role:read', 'role:update', 'role:delete', 'role:grant', 'user:read', 'order:*'];
  await give(admin, manager, await newRole({ level: 50, permits }));
});
beforeEach(async () => {
  roleId = await newRole({ level: 10 });
});

const newRole = (given: Omit<Given, 'name'>) => makeRole(admin, { name: `role ${++count}`, ...given });
const rows = <Row>(text: string, values: unknown[] = []) =>
  harness.app.services.database.sql.rows<Row>(text, values as never);
const order = (action: string, conditions: object | null = null) => ({ resource: 'order', action, conditions });
const mayRead = async (who: Client | undefined, attributes: object = {}) => {
  const { data } = await (who as Client).ask(
    'query ($attributes: JSONObject) { viewer { can(checks: [{ action: "read", resource: "order", attributes: $attributes }]) } }',
    { attributes },
  );
  return data['viewer']?.['can']?.[0];
};
async function eventsOf(role: string) {
  await allPublished(harness);
  const text = `select e.type, u.username as subject, e.details from every_event e left join users u on u.id = e.subject_id
    where e.details->>'roleId' = $1 order by e.position`;
  return rows<{ type: string; subject: string | null; details: Record<string, unknown> }>(text, [role]);
}

test('a whole change is made at one instant, with the events and mails of its parts', async () => {
  const read = await permitTo(admin, roleId, 'order:read');
  await give(admin, bert as Client, roleId);
  await allPublished(harness);
  const before = (await eventsOf(roleId)).length;
  const expiresAt = '2100-01-01T00:00:00.000Z';
  const input = {
    roleId: roleId.toUpperCase(),
    ...{ name: `clerks ${count}`, level: 20, description: 'Read orders', expectedVersion: 2 },
    removePermissionIds: [read],
    addPermissions: [order('read', { region: 'north' }), order('list')],
    ...{ grantTo: [anna?.userId?.toUpperCase()], grantExpiresAt: expiresAt, revokeFrom: [bert?.userId] },
  };
  expect(await preview(manager, input)).toMatchObject({ errors: [], affectedUsersCount: 2 });
  const fields = 'role { name level description version permissions { action conditions } }';
  expect(await manager.mutate('changeRole', input, fields)).toEqual({
    errors: [],
    role: {
      ...{ name: `clerks ${count}`, level: 20, description: 'Read orders', version: 6 },
      permissions: [
        { action: 'list', conditions: null },
        { action: 'read', conditions: { region: 'north' } },
      ],
    },
  });
  expect(await mayRead(anna, { region: 'north' })).toBe(true);
  expect(await mayRead(anna, { region: 'south' })).toBe(false);
  expect(await mayRead(bert, { region: 'north' })).toBe(false);
  const events = (await eventsOf(roleId)).slice(before);
  expect(events.map(({ type, subject }) => [type, subject])).toEqual([
    ['ROLE_UPDATED', null],
    ['ROLE_UPDATED', null],
    ['ROLE_UPDATED', null],
    ['ROLE_UPDATED', null],
    ['ROLE_GRANTED', 'anna'],
    ['ROLE_REVOKED', 'bert'],
  ]);
  expect(events.map(({ details }) => details)).toMatchObject([
    { changes: { level: { from: 10, to: 20 } } },
    { removed: { permissionId: read, action: 'read' } },
    { added: { action: 'read', conditions: { region: 'north' } } },
    { added: { action: 'list' } },
    { expiresAt, role: `clerks ${count}` },
    { role: `clerks ${count}` },
  ]);
  const mail = await harness.mailbox.mailTo('anna@example.com', 2);
  expect(mail.text).toContain(`clerks ${count}`);
  const instants = `select distinct at from (select updated_at as at from roles where id = $1
    union all select coalesce(removed_at, created_at) from permissions where role_id = $1
    union all select coalesce(revoked_at, granted_at) from role_grants where role_id = $1) instants`;
  expect(await rows(instants, [roleId])).toHaveLength(1);
});

test('what is refused is told as the preview tells it, all at once, and nothing is done', async () => {
  const foreign = await permitTo(admin, await newRole({ level: 5 }), 'order:read');
  await permitTo(admin, roleId, 'order:pay');
  const taken = await newRole({ level: 5 });
  const [{ name } = { name: '' }] = await rows<{ name: string }>('select name from roles where id = $1', [taken]);
  const input = {
    ...{ roleId, name: name.toUpperCase(), level: 50, expectedVersion: 1 },
    removePermissionIds: [foreign, 'nonsense'],
    addPermissions: [order('pay'), { resource: 'invoice', action: 'read' }, order('read', { $where: 'x' })],
    ...{ grantTo: [unknown, admin.userId, anna?.userId], revokeFrom: [bert?.userId, '-'] },
  };
  const { errors } = await manager.mutate('changeRole', input, 'role { id }');
  expect(errors).toEqual((await preview(manager, input)).errors);
  const paths = (errors as unknown as { code: string; field: string[] }[]).map(({ code, field }) =>
    [code, ...field.slice(1)].join(' '),
  );
  expect(paths.sort()).toEqual([
    'ABOVE_OWN_LEVEL addPermissions 1 action',
    'ABOVE_OWN_LEVEL grantTo 1',
    'ABOVE_OWN_LEVEL level',
    'ABOVE_OWN_LEVEL roleId',
    'INVALID_INPUT addPermissions 2 conditions',
    'NAME_TAKEN addPermissions 0 action',
    'NAME_TAKEN name',
    'NOT_FOUND grantTo 0',
    'NOT_FOUND removePermissionIds 0',
    'NOT_FOUND removePermissionIds 1',
    'NOT_FOUND revokeFrom 0',
    'NOT_FOUND revokeFrom 1',
    'VERSION_CONFLICT expectedVersion',
  ]);
  expect(await rows('select level, version from roles where id = $1', [roleId])).toEqual([{ level: 10, version: 2 }]);
  expect(await rows('select from role_grants where role_id = $1', [roleId])).toEqual([]);
});

test('the order of its parts does not matter: who gives up a permission may give a narrower one with it', async () => {
  const editors = await newRole({ level: 40, permits: ['role:update', 'role:read', 'user:read'] });
  const id = await permitTo(admin, roleId, 'letter:read');
  const editor = await harness.person(`editor.${count}`);
  for (const role of [editors, roleId]) await give(admin, editor, role);
  const narrow = { resource: 'letter', action: 'read', conditions: { folder: 'in' } };
  const input = { roleId, removePermissionIds: [id], addPermissions: [narrow] };
  expect(await preview(editor, input)).toMatchObject({ errors: [] });
  expect(await outcomeOf(editor, 'changeRole', input)).toBe('ok');
  // Now they hold the narrower one only.
  expect(await outcomeOf(editor, 'changeRole', { roleId, addPermissions: [{ ...narrow, action: 'list' }] })).toBe(
    'ABOVE_OWN_LEVEL addPermissions 0 action',
  );
});

test('it takes the permission for each kind of its parts, for the role before and after', async () => {
  const holding = async (...permits: Given['permits'] & object) => {
    const person = await harness.person(`holder.${++count}`);
    await give(admin, person, await newRole({ level: 40, permits: ['role:read', 'user:read', ...permits] }));
    return person;
  };
  const [updater, granter] = [await holding('role:update'), await holding('role:grant')];
  const grantTo = [anna?.userId];
  expect(await outcomeOf(updater, 'changeRole', { roleId, grantTo })).toBe('FORBIDDEN');
  expect(await outcomeOf(updater, 'changeRole', { roleId, description: 'New', grantTo })).toBe('FORBIDDEN');
  expect(await outcomeOf(granter, 'changeRole', { roleId, description: 'New', grantTo })).toBe('FORBIDDEN');
  expect(await outcomeOf(updater, 'changeRole', { roleId, description: 'New' })).toBe('ok');
  expect(await outcomeOf(granter, 'changeRole', { roleId, grantTo })).toBe('ok');
  expect(await outcomeOf(granter, 'changeRole', { roleId, revokeFrom: grantTo })).toBe('ok');
  const bound = await holding(['role:update', { level: { $lt: 15 } }]);
  expect(await outcomeOf(bound, 'changeRole', { roleId, level: 15 })).toBe('FORBIDDEN');
  expect(await outcomeOf(bound, 'changeRole', { roleId, level: 14 })).toBe('ok');
  const blind = await harness.person(`blind.${count}`);
  await give(admin, blind, await newRole({ level: 40, permits: ['role:grant'] }));
  expect(await outcomeOf(blind, 'changeRole', { roleId, grantTo })).toBe('NOT_FOUND grantTo 0');
  expect(await outcomeOf(anna as Client, 'changeRole', { roleId, description: 'Mine' })).toBe('FORBIDDEN');
  expect(await outcomeOf(new Client(harness.app.url), 'changeRole', { roleId, level: 4 })).toBe('UNAUTHENTICATED');
});

test('a token is bound to its scopes', async () => {
  const change = { roleId, level: 11, addPermissions: [order('read')] };
  const withScopes = async (...scopes: string[]) =>
    Object.assign(new Client(harness.app.url), { token: (await makeToken(manager, scopes)).token });
  expect(await outcomeOf(await withScopes('role:read'), 'changeRole', change)).toBe('FORBIDDEN');
  const narrow = await withScopes('role:update', 'order:list');
  expect(await outcomeOf(narrow, 'changeRole', change)).toBe('ABOVE_OWN_LEVEL addPermissions 0 action');
  expect(await outcomeOf(await withScopes('role:update', 'order:read'), 'changeRole', change)).toBe('ok');
});

test('the roles of the system keep their place, and the last administrator theirs', async () => {
  const system = await rows<{ id: string; name: string }>('select id, name from roles where is_system');
  const idOf = (name: string) => system.find((role) => role.name === name)?.id;
  expect(await outcomeOf(admin, 'changeRole', { roleId: idOf('admin'), revokeFrom: [admin.userId] })).toBe(
    'SYSTEM_ROLE roleId,LAST_ADMINISTRATOR revokeFrom',
  );
  expect(await outcomeOf(admin, 'changeRole', { roleId: idOf('admin'), addPermissions: [order('read')] })).toBe(
    'ABOVE_OWN_LEVEL roleId',
  );
  expect(await outcomeOf(admin, 'changeRole', { roleId: idOf('user'), name: 'people', grantTo: [anna?.userId] })).toBe(
    'SYSTEM_ROLE roleId,SYSTEM_ROLE name',
  );
  expect(await outcomeOf(admin, 'changeRole', { roleId: idOf('user'), addPermissions: [order('wish')] })).toBe('ok');
});

test('an input that is no change, or too large a one, is refused', async () => {
  const many = Array.from({ length: 101 }, () => unknown);
  expect(await outcomeOf(manager, 'changeRole', { roleId })).toBe('INVALID_INPUT');
  expect(await outcomeOf(manager, 'changeRole', { roleId, expectedVersion: 1 })).toBe('INVALID_INPUT');
  expect(await outcomeOf(manager, 'changeRole', { roleId, grantTo: many })).toBe('INVALID_INPUT grantTo');
  for (const id of [unknown, 'nonsense', ''])
    expect(await outcomeOf(manager, 'changeRole', { roleId: id, level: 4 })).toBe('NOT_FOUND roleId');
  const past = { roleId, grantTo: [anna?.userId], grantExpiresAt: '2000-01-01T00:00:00.000Z' };
  expect(await outcomeOf(manager, 'changeRole', past)).toBe('INVALID_INPUT grantExpiresAt');
  const both = { roleId, grantTo: [anna?.userId, anna?.userId], revokeFrom: [anna?.userId] };
  expect(await outcomeOf(manager, 'changeRole', both)).toBe('ok');
  expect(await rows('select from role_grants where role_id = $1 and revoked_at is null', [roleId])).toEqual([]);
});

test('a change of one part is refused with the code of its mutation', async () => {
  const permissionId = await permitTo(admin, roleId, 'order:read');
  const high = await newRole({ level: 60 });
  const [grantee] = [anna?.userId];
  const same = async (mutation: string, single: object, change: object) => {
    const codes = (outcome: string) => outcome.split(',').map((each) => each.split(' ')[0]);
    const outcome = await outcomeOf(manager, mutation, { ...single });
    expect(outcome).not.toBe('ok');
    expect([change, codes(await outcomeOf(manager, 'changeRole', { roleId, ...change }))]).toEqual([
      change,
      codes(outcome),
    ]);
  };
  for (const details of [{ level: 0 }, { level: 50 }, { name: '' }, { name: 'admin' }, { description: '\u202e' }])
    await same('updateRole', { roleId, ...details }, details);
  await same('updateRole', { roleId: high, level: 5 }, { roleId: high, level: 5 });
  await same('addPermission', { roleId, ...order('read') }, { addPermissions: [order('read')] });
  await same('addPermission', { roleId: high, ...order('read') }, { roleId: high, addPermissions: [order('read')] });
  await same('removePermission', { permissionId: unknown }, { removePermissionIds: [unknown] });
  await same('grantRole', { roleId: high, userId: grantee }, { roleId: high, grantTo: [grantee] });
  await same('grantRole', { roleId, userId: admin.userId }, { grantTo: [admin.userId] });
  await same('revokeRole', { roleId, userId: grantee }, { revokeFrom: [grantee] });
  expect(await outcomeOf(manager, 'removePermission', { permissionId })).toBe('ok');
});

test('changes that name the same people in another order never wait for each other in a circle', async () => {
  const ids = await Promise.all(Array.from({ length: 3 }, () => newRole({ level: 5 })));
  const people = [anna?.userId, bert?.userId, manager.userId];
  const work = Array.from({ length: 9 }, (_, n) => {
    const who = n % 2 ? people : people.toReversed();
    const parts = n % 3 ? { grantTo: who } : { addPermissions: [order(`a${n}`)], level: 1 + n, grantTo: who.slice(1) };
    return outcomeOf(n % 4 ? admin : manager, 'changeRole', { roleId: ids[n % 3], ...parts });
  });
  const single = people.map((userId, n) => outcomeOf(admin, 'grantRole', { userId, roleId: ids[n] }));
  expect([...new Set(await Promise.all([...work, ...single]))]).toEqual(['ok']);
  const [statistics] = await rows<{ deadlocks: string }>(
    'select deadlocks from pg_stat_database where datname = current_database()',
  );
  expect(Number(statistics?.deadlocks)).toBe(0);
});
