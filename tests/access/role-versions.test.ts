import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { Client } from '../support/client.js';
import { run } from '../support/command.js';
import { allPublished } from '../support/events.js';
import { Harness } from '../support/harness.js';
import { give, makeRole, outcomeOf, permitTo } from '../support/roles.js';

jest.setTimeout(60_000);

let harness: Harness;
let admin: Client;
/** The same administrator at another process. */
let elsewhere: Client;
let member: Client;
let roleId: string;
let count = 0;

beforeAll(async () => {
  harness = await Harness.start({ DATABASE_POOL_SIZE: '10' });
  admin = await harness.admin();
  member = await harness.person('member');
  elsewhere = Object.assign(new Client((await harness.another()).url), { token: admin.token, userId: admin.userId });
});
beforeEach(async () => {
  roleId = await makeRole(admin, { name: `role ${++count}`, level: 10 });
});

const rows = <Row>(text: string, values: unknown[] = []) =>
  harness.app.services.database.sql.rows<Row>(text, values as never);
async function versionOf(table: 'roles' | 'users' | 'posts' | 'comments', id: unknown): Promise<number> {
  const [row] = await rows<{ version: number }>(`select version from ${table} where id = $1`, [id]);
  return row?.version ?? 0;
}
const conflict = 'VERSION_CONFLICT expectedVersion';

/** Sends a mutation twenty times at once, half of them to another process. @returns how often each outcome occurred */
async function twenty(mutation: string, input: (n: number) => Record<string, unknown>) {
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, n) => outcomeOf(n % 2 ? elsewhere : admin, mutation, input(n))),
  );
  return Object.fromEntries([...new Set(outcomes)].map((one) => [one, outcomes.filter((each) => each === one).length]));
}

test('a role has a version that rises with its own changes and those of its permissions', async () => {
  const versions: unknown[] = [await versionOf('roles', roleId)];
  const after = async (mutation: string, input: Record<string, unknown>, field = 'role { version }') => {
    const payload = await admin.mutate(mutation, input, field);
    expect(payload['errors']).toEqual([]);
    versions.push(payload['role']?.['version'] ?? (await versionOf('roles', roleId)));
    expect(versions.at(-1)).toBe(await versionOf('roles', roleId));
    return payload;
  };
  await after('updateRole', { roleId, level: 11 });
  await after('updateRole', { roleId, level: 11 });
  const added = await after(
    'addPermission',
    { roleId, resource: 'order', action: 'read' },
    'permission { id } role { version }',
  );
  await after('removePermission', { permissionId: added['permission']?.['id'] });
  await after('grantRole', { roleId, userId: member.userId }, 'grant { id }');
  await after('revokeRole', { roleId, userId: member.userId }, 'grant { id }');
  await after('changeRole', { roleId, grantTo: [member.userId] });
  await after('changeRole', { roleId, description: 'Orders' });
  expect(versions).toEqual([1, 2, 2, 3, 4, 4, 4, 4, 5]);
  const { data } = await admin.ask('query ($id: ID!) { role(id: $id) { version } }', { id: roleId });
  expect(data['role']?.['version']).toBe(5);
});

test('the version rises when a file is applied by a command, also under an open editor', async () => {
  const name = `role ${count}`;
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-versions-'));
  const path = join(folder, 'roles.json');
  await writeFile(path, JSON.stringify({ roles: [{ name, level: 10, permissions: ['order:read', 'order:pay'] }] }));
  const { appSecret = '' } = harness.app.services.config;
  const env = { DATABASE_URL: harness.databaseUrl, APP_SECRET: appSecret, DATA_DIR: folder, LOG_LEVEL: 'warn' };
  expect(await run(['roles', 'apply', path], env)).toMatchObject({ code: 0 });
  await rm(folder, { recursive: true });
  expect(await versionOf('roles', roleId)).toBe(3);
  expect(await outcomeOf(admin, 'updateRole', { roleId, level: 5, expectedVersion: 1 })).toBe(conflict);
});

test('of twenty changes made for one version one is made, at two processes as well', async () => {
  const input = (n: number) => ({ roleId, expectedVersion: 1, description: `Description ${n}` });
  expect(await twenty('updateRole', input)).toEqual({ ok: 1, [conflict]: 19 });
  expect(await versionOf('roles', roleId)).toBe(2);
  const add = (n: number) => ({ roleId, expectedVersion: 2, resource: 'order', action: `a${n}` });
  expect(await twenty('addPermission', add)).toEqual({ ok: 1, [conflict]: 19 });
  const change = (n: number) => ({
    roleId,
    expectedVersion: 3,
    addPermissions: [{ resource: 'bill', action: `a${n}` }],
  });
  expect(await twenty('changeRole', change)).toEqual({ ok: 1, [conflict]: 19 });
  expect(await rows('select from permissions where role_id = $1', [roleId])).toHaveLength(2);
  const profile = (n: number) => ({ expectedVersion: 1, firstName: `Name ${n}` });
  expect(await twenty('updateUser', (n) => ({ userId: member.userId, ...profile(n) }))).toEqual({
    ok: 1,
    [conflict]: 19,
  });
  const own = await versionOf('users', admin.userId);
  expect(await twenty('updateProfile', (n) => ({ ...profile(n), expectedVersion: own }))).toEqual({
    ok: 1,
    [conflict]: 19,
  });
});

test('of twenty changes of a post or a comment made for one version one is made', async () => {
  const { post } = await admin.mutate('createPost', { title: 'Title', body: 'Body' }, 'post { id version }');
  const postId = post?.['id'];
  expect(post?.['version']).toBe(1);
  const title = (n: number) => ({ postId, expectedVersion: 1, title: `Title ${n}` });
  expect(await twenty('updatePost', title)).toEqual({ ok: 1, [conflict]: 19 });
  const published = await admin.mutate('publishPost', { postId }, 'post { version }');
  expect(published['post']?.['version']).toBe(3);
  const { data } = await admin.ask('{ posts(first: 100) { nodes { id version } } }');
  expect(data['posts']?.['nodes']).toContainEqual({ id: postId, version: 3 });
  const { comment } = await admin.mutate('createComment', { postId, body: 'Hello' }, 'comment { id version }');
  const commentId = comment?.['id'];
  expect(comment?.['version']).toBe(1);
  const body = (n: number) => ({ commentId, expectedVersion: 1, body: `Hello ${n}` });
  expect(await twenty('updateComment', body)).toEqual({ ok: 1, [conflict]: 19 });
  expect([await versionOf('posts', postId), await versionOf('comments', commentId)]).toEqual([3, 2]);
});

test('a stale edit changes nothing and leaves no event', async () => {
  const permissionId = await permitTo(admin, roleId, 'order:read');
  await allPublished(harness);
  const state = () =>
    rows(`select (select json_agg(r) from roles r) as roles, (select json_agg(p) from permissions p) as permissions,
      (select json_agg(json_build_array(username, email, bio, version) order by id) from users) as users,
      (select count(*) from every_event where type in ('ROLE_UPDATED', 'ROLE_DELETED', 'USER_UPDATED')) as events`);
  const before = await state();
  for (const expectedVersion of [1, 3, 0, -1, 2_147_483_647]) {
    const stale: Record<string, Record<string, unknown>> = {
      updateRole: { roleId, name: 'Stale' },
      addPermission: { roleId, resource: 'order', action: 'pay' },
      removePermission: { permissionId },
      deleteRole: { roleId },
      changeRole: { roleId, removePermissionIds: [permissionId], grantTo: [member.userId] },
      updateUser: { userId: member.userId, bio: 'Stale' },
    };
    for (const [mutation, input] of Object.entries(stale))
      if (mutation !== 'updateUser' || expectedVersion !== (await versionOf('users', member.userId)))
        expect([mutation, await outcomeOf(admin, mutation, { ...input, expectedVersion })]).toEqual([
          mutation,
          conflict,
        ]);
  }
  expect(await state()).toEqual(before);
  expect(await outcomeOf(admin, 'removePermission', { permissionId, expectedVersion: 2 })).toBe('ok');
  expect(await outcomeOf(admin, 'deleteRole', { roleId, expectedVersion: 3 })).toBe('ok');
});

test('the second of two changes in one operation meets the version of the first', async () => {
  const { data } = await admin.ask(
    `mutation ($roleId: ID!) {
      a: updateRole(input: { roleId: $roleId, level: 5, expectedVersion: 1 }) { role { version } errors { code } }
      b: updateRole(input: { roleId: $roleId, level: 6, expectedVersion: 1 }) { role { version } errors { code } }
      c: changeRole(input: { roleId: $roleId, level: 7, expectedVersion: 2 }) { role { version level } errors { code } } }`,
    { roleId },
  );
  expect(data).toEqual({
    a: { role: { version: 2 }, errors: [] },
    b: { role: null, errors: [{ code: 'VERSION_CONFLICT' }] },
    c: { role: { version: 3, level: 7 }, errors: [] },
  });
});

test('an account has a version that rises with its names, its address and its profile', async () => {
  const person = await harness.person('versioned');
  const versions: unknown[] = [await versionOf('users', person.userId)];
  const after = async (client: Client, mutation: string, input: Record<string, unknown>) => {
    const { user, errors } = await client.mutate(mutation, input, 'user { version }');
    expect(errors).toEqual([]);
    versions.push(user?.['version']);
  };
  await after(person, 'updateProfile', { bio: 'Hello', expectedVersion: 1 });
  await after(person, 'updateProfile', { bio: 'Hello', expectedVersion: 2 });
  await after(admin, 'updateUser', { userId: person.userId, email: 'another@example.com', expectedVersion: 2 });
  await after(admin, 'setAdministrator', { userId: person.userId, isAdmin: true });
  await after(admin, 'setAdministrator', { userId: person.userId, isAdmin: false });
  expect(versions).toEqual([1, 2, 2, 3, 3, 3]);
  const users = `query ($id: ID!) { user(id: $id) { version } users(first: 100) { nodes { id version } } }`;
  const { data } = await admin.ask(users, { id: person.userId });
  expect(data['user']?.['version']).toBe(3);
  expect(data['users']?.['nodes']).toContainEqual({ id: person.userId, version: 3 });
  expect(await outcomeOf(person, 'updateProfile', { bio: 'Later', expectedVersion: 2 })).toBe(conflict);
});

test('who may not change a role, an account or a post learns nothing of its version', async () => {
  const editor = await harness.person(`editor.${count}`);
  const permits = [
    ['role:update', { name: 'Nobody' }],
    ['role:delete', { name: 'Nobody' }],
    ['user:update', { username: 'nobody' }],
  ] as const;
  await give(admin, editor, await makeRole(admin, { name: `editors ${count}`, level: 50, permits }));
  const permissionId = await permitTo(admin, roleId, 'order:read');
  for (const [mutation, input] of Object.entries({
    updateRole: { roleId, level: 4 },
    addPermission: { roleId, resource: 'order', action: 'pay' },
    removePermission: { permissionId },
    deleteRole: { roleId },
    changeRole: { roleId, level: 4 },
    updateUser: { userId: member.userId, bio: 'Changed' },
  }))
    expect([mutation, await outcomeOf(editor, mutation, { ...input, expectedVersion: 99 })]).toEqual([
      mutation,
      'FORBIDDEN',
    ]);
});
