import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readRoleFile } from '../../src/access/roles/role-file.js';
import { Refusal } from '../../src/errors.js';
import type { Client } from '../support/client.js';
import { run } from '../support/command.js';
import { Harness } from '../support/harness.js';

let harness: Harness;
let admin: Client;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-roles-'));
  harness = await Harness.start();
  admin = await harness.admin();
});
afterAll(async () => {
  await harness.close();
  await rm(folder, { recursive: true, force: true });
});

/** Applies a file to the service that runs. */
async function apply(text: string, ...options: string[]) {
  const path = join(folder, 'roles.yaml');
  await writeFile(path, text);
  const { appSecret = '' } = harness.app.services.config;
  const env = { DATABASE_URL: harness.databaseUrl, APP_SECRET: appSecret, DATA_DIR: folder, LOG_LEVEL: 'warn' };
  return run(['roles', 'apply', path, ...options], env);
}

/** Roles that are not the system's, by name: level and permissions. */
async function roles(): Promise<Record<string, string[]>> {
  const { data } = await admin.ask('{ roles { name level isSystem permissions { name conditions } } }');
  const found = data['roles'] as unknown as {
    name: string;
    isSystem: boolean;
    level: number;
    permissions: { name: string; conditions: unknown }[];
  }[];
  return Object.fromEntries(
    found
      .filter(({ isSystem }) => !isSystem)
      .map(({ name, level, permissions }) => [
        name,
        [`${level}`, ...permissions.map((one) => `${one.name} ${JSON.stringify(one.conditions)}`).sort()],
      ]),
  );
}

const first = `
roles:
  - name: editor
    level: 30
    description: Writes.
    permissions:
      - post:create
      - { resource: post, action: update, conditions: { authorId: $user.id } }
  - name: support
    level: 20
    permissions: [user:read]
`;
const second = `
roles:
  - name: Editor
    level: 40
    permissions:
      - post:create
      - { resource: post, action: update, name: edit what is published, conditions: { published: true } }
      - post:delete
`;

test('a file is applied, only shown, and applied again without a change', async () => {
  const before = await roles();
  const dry = await apply(first, '--dry-run');
  expect(dry).toMatchObject({ code: 0, stderr: '' });
  expect(dry.stdout).toContain('+ editor: create; affects 0 people\n    level 30\n');
  expect(dry.stdout).toContain('    + post:update when {"authorId":"$user.id"}\n');
  expect(dry.stdout).toContain('2 roles would change; nothing was done.\n');
  expect(await roles()).toEqual(before);
  expect((await apply(first)).stdout).toContain('2 roles changed.\n');
  expect(await roles()).toEqual({
    ...before,
    editor: ['30', 'post:create null', 'post:update {"authorId":"$user.id"}'],
    support: ['20', 'user:read null'],
  });
  expect(await apply(first)).toMatchObject({ code: 0, stdout: 'Every role is as described.\n' });
});

test('a change tells how many people it affects, takes effect at once, and is recorded as the operator’s', async () => {
  const [ann, bob] = [await harness.person('ann'), await harness.person('bob')];
  const { data } = await admin.ask('{ roles { id name } }');
  const listed = data['roles'] as unknown as { id: string; name: string }[];
  const roleId = listed.find(({ name }) => name === 'editor')?.id;
  for (const { userId } of [ann, bob])
    await admin.mutate('grantRole', { userId: String(userId), roleId: String(roleId) }, 'grant { id }');
  const may = async () =>
    (await ann.ask('{ viewer { can(checks: [{ action: "delete", resource: "post" }]) } }')).data['viewer']?.['can'];
  expect(await may()).toEqual([false]);
  const { code, stdout } = await apply(second, '--json');
  expect(code).toBe(0);
  const [change, done] = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(change).toMatchObject({ action: 'change', role: 'Editor', level: 40, affectedUsers: 2 });
  expect(done).toEqual({ applied: 1 });
  expect(await may()).toEqual([true]);
  const events = await harness.app.services.database.sql.rows<{ by: string }>(
    `select distinct details->>'by' as by from every_event where type in ('ROLE_CREATED', 'ROLE_UPDATED')`,
  );
  expect(events).toEqual([{ by: 'operator' }]);
  expect(await roles()).toMatchObject({ support: ['20', 'user:read null'] });
});

test('what a file does not describe is deleted only with --prune, and never a system role', async () => {
  const { stdout } = await apply(second, '--prune', '--json');
  const deleted = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter(({ action }) => action === 'delete')
    .map(({ role }) => role);
  expect(deleted).toContain('support');
  expect(deleted).not.toContain('user');
  expect(Object.keys(await roles())).toEqual(['editor']);
});

test('a file of which one change is refused changes nothing', async () => {
  const before = await roles();
  // Greek omicron: looks like the other name.
  const { code, stderr } = await apply(`
roles:
  - { name: fine, level: 10, permissions: [post:read] }
  - { name: editor, level: 99 }
  - { name: edit\u03bfr, level: 10 }
`);
  expect({ code, isTold: stderr.startsWith('gatehouse: ') }).toEqual({ code: 1, isTold: true });
  expect(await roles()).toEqual(before);
});

test('the example in docs/access-control.md is a file that can be applied', async () => {
  const page = await readFile('docs/access-control.md', 'utf8');
  const example = /```yaml\n(roles:[^`]*)```/.exec(page)?.[1] ?? '';
  expect(readRoleFile(example).map(({ name, permissions }) => [name, permissions.length])).toEqual([
    ['editor', 2],
    ['user', 3],
  ]);
});

test.each([
  ['no YAML', 'roles: [', /neither YAML nor JSON/],
  ['an alias that grows', 'a: &a [x, x]\nroles: [*a, *a]', /neither YAML nor JSON|roles/],
  ['a field that does not exist', '{ "roles": [{ "name": "a", "level": 1, "rights": [] }] }', /roles\.0.*rights/],
  ['no level', '{ "roles": [{ "name": "abc" }] }', /roles\.0: A role needs a level/],
  ['a level out of range', '{ "roles": [{ "name": "abc", "level": 100 }] }', /roles\.0: A level is 1 to 99/],
  ['a level for a system role', '{ "roles": [{ "name": "user", "level": 5 }] }', /fixed/],
  ['a role twice', 'roles: [{ name: abc, level: 1 }, { name: ABC, level: 2 }]', /abc is described twice/],
  ['a permission twice', 'roles: [{ name: abc, level: 1, permissions: [a:b, a:b] }]', /a:b is described twice/],
  ['an action that is none', 'roles: [{ name: abc, level: 1, permissions: [user:fly] }]', /permissions\.0.*user:fly/],
  ['a permission of three parts', 'roles: [{ name: abc, level: 1, permissions: [a:b:c] }]', /resource:action/],
  [
    'an operator that does not exist',
    'roles: [{ name: abc, level: 1, permissions: [{ resource: post, action: read, conditions: { id: { $where: 1 } } }] }]',
    /permissions\.0/,
  ],
  ['nothing', '', /expected object/],
])('a file with %s is refused with its place', (_what, text, message) => {
  let refusal: unknown;
  try {
    readRoleFile(text);
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toBeInstanceOf(Refusal);
  expect((refusal as Refusal).errors[0]?.message).toMatch(message);
});
