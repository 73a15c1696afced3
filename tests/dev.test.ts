import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { emailOf } from '../dev/people.js';
import { type Seeded, seed } from '../dev/seed.js';
import { developmentEnvironment } from '../dev/settings.js';
import { watchFolders } from '../dev/watch-folders.js';
import { createUser } from '../src/accounts/create-user.js';
import { days, hours } from '../src/clock.js';
import { asSystem } from '../src/open-services.js';
import type { Client } from './support/client.js';
import { eventually } from './support/eventually.js';
import { Harness, password } from './support/harness.js';

let harness: Harness;
let people: readonly Seeded[];
beforeAll(async () => {
  harness = await Harness.start();
  people = await seed(harness.app.services);
});

const named = (username: string, among = people): Seeded => {
  const found = among.find((person) => person.username === username);
  if (!found) throw new Error(`${username} was not made`);
  return found;
};

async function signedIn(username: string): Promise<Client> {
  const client = harness.client();
  await client.login(username, String(named(username).password));
  return client;
}

const viewerOf = async (client: Client) =>
  (await client.ask('{ viewer { username isAdmin isVerified roles { name } } }')).data['viewer'];

/** Rows that seeding could add to. */
const counts = ({ app }: Harness) =>
  app.services.database.sql.row(
    `select (select count(*) from users) as users, (select count(*) from roles) as roles,
       (select count(*) from permissions) as permissions, (select count(*) from role_grants) as grants`,
  );

test.each([
  ['admin', true, ['admin', 'user']],
  ['user', false, ['user']],
  ['editor', false, ['editor', 'user']],
  ['deputy', false, ['support', 'user']],
])('%s signs in with the password that is printed', async (username, isAdmin, roles) => {
  const viewer = await viewerOf(await signedIn(username));
  expect(viewer).toMatchObject({ username, isAdmin, isVerified: true });
  const held = (viewer?.['roles'] ?? []) as unknown as readonly { name: string }[];
  expect(held.map(({ name }) => name).sort()).toEqual(roles);
});

test('everybody has a password of their own', () => {
  expect(new Set(people.map((person) => person.password)).size).toBe(people.length);
});

test('the grant of the deputy ends in six days, and what it permits ends with it', async () => {
  const [grant] = named('deputy').grants;
  expect(grant?.until?.getTime()).toBeGreaterThan(harness.clock.now().getTime() + days(6) - hours(1));
  expect(named('editor').grants).toEqual([{ role: 'editor', until: null }]);
  const deputy = await signedIn('deputy');
  expect((await deputy.ask('{ users { totalCount } }')).codes).toEqual([]);
  expect((await (await signedIn('user')).ask('{ users { totalCount } }')).codes).toEqual(['FORBIDDEN']);
});

test('seeding again changes nothing', async () => {
  const before = await counts(harness);
  expect(await seed(harness.app.services)).toEqual(people);
  expect(await counts(harness)).toEqual(before);
});

test('what was changed by hand stays changed', async () => {
  const other = await Harness.start();
  const [, , editor] = await seed(other.app.services);
  other.clock.advance(hours(1));
  const client = other.client();
  await client.login('editor', String(editor?.password));
  const change = { currentPassword: editor?.password, newPassword: password };
  await client.mutate('changePassword', change, 'user { id }');
  const admin = await other.admin();
  const role = await other.app.services.database.sql.row<{ id: string }>(`select id from roles where name = 'editor'`);
  await admin.mutate('revokeRole', { userId: client.userId, roleId: role?.id }, 'grant { id }');
  await admin.mutate('deleteRole', { roleId: role?.id }, 'deletedRoleId');
  const before = await counts(other);
  const again = named('editor', await seed(other.app.services));
  expect(again).toEqual({ username: 'editor', password: undefined, isAdmin: false, grants: [] });
  expect(await counts(other)).toEqual(before);
});

test('a start that was interrupted is completed by the next', async () => {
  const other = await Harness.start();
  const { services } = other.app;
  await createUser(asSystem(services), { username: 'editor', email: emailOf('editor'), password });
  expect(named('editor', await seed(services)).grants).toEqual([{ role: 'editor', until: null }]);
});

test('sample accounts are made neither in production nor in a configured database', async () => {
  const { services } = harness.app;
  const inProduction = { ...services, config: { ...services.config, production: true } };
  await expect(seed(inProduction)).rejects.toThrow();
  expect(() => developmentEnvironment({ NODE_ENV: 'production' })).toThrow('NODE_ENV');
  expect(() => developmentEnvironment({ DATABASE_URL: 'postgres://localhost/people' })).toThrow('DATABASE_URL');
  expect(developmentEnvironment({ PORT: '1', ADMIN_USERNAME: 'a' })).toEqual({ PORT: '1', DATA_DIR: '.gatehouse-dev' });
});

test('files that are written, put in the place of others, or made in a new folder are noticed, each time', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-watch-'));
  let changes = 0;
  const end = watchFolders([folder], () => {
    changes += 1;
  });
  const noticed = async (change: () => Promise<unknown>) => {
    const before = changes;
    await change();
    await eventually(() => changes > before);
  };
  const file = join(folder, 'deep', 'one.ts');
  const replace = async () => {
    await writeFile(`${file}.tmp`, 'new');
    await rename(`${file}.tmp`, file);
  };
  await noticed(() => mkdir(join(folder, 'deep')));
  for (const change of [() => writeFile(file, 'old'), replace, replace, replace, () => rm(file)]) await noticed(change);
  end();
  await rm(folder, { recursive: true });
});
