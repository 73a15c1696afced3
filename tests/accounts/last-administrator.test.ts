import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { days } from '../../src/clock.js';
import { makeAccount } from '../support/accounts.js';
import { Client, type Json } from '../support/client.js';
import { administrator, Harness, password } from '../support/harness.js';

const rounds = 10;
/** In milliseconds; each round creates administrators and signs them in. */
jest.setTimeout(120_000);

const tomorrow = new Date(Date.now() + days(1)).toISOString();
const verbs: Record<string, (userId: string | undefined) => [string, Record<string, unknown>, string]> = {
  demote: (userId) => ['setAdministrator', { userId, isAdmin: false }, 'user { id }'],
  lock: (userId) => ['lockUser', { userId, until: tomorrow }, 'user { id }'],
  deactivate: (userId) => ['deactivateUser', { userId }, 'user { id }'],
  delete: (userId) => ['deleteUser', { userId }, 'deletedUserId'],
};
type Verb = keyof typeof verbs;

let harness: Harness;
let urls: string[];
let made = 0;
/** Of the password that all have. */
let hash: string;
beforeAll(async () => {
  harness = await Harness.start();
  urls = [harness.app.url, (await harness.another()).url];
  hash = String((await sql().row<{ hash: string }>('select password_hash as hash from users'))?.hash);
});

const sql = () => harness.app.services.database.sql;
/** Those who may sign in. */
const administrators = () =>
  sql().rows<{ id: string; username: string }>(
    'select id, username from users where is_admin and is_active and locked_by_admin_until is null',
  );

/** Makes this many administrators, signs them in to alternating processes, and deletes all others. */
async function onlyAdministrators(count: number): Promise<Client[]> {
  const present = await administrators();
  const names = Array.from({ length: count }, () => `admin.${++made}`);
  for (const username of names) await makeAccount(harness, { username, isAdmin: true });
  await sql().rows('update users set password_hash = $1 where username = any ($2)', [hash, names]);
  const clients = await Promise.all(
    names.map(async (username, i) => {
      const client = new Client(urls[i % urls.length] ?? '');
      await client.login(username, password);
      return client;
    }),
  );
  for (const { id } of present) await clients[0]?.mutate('deleteUser', { userId: id }, 'deletedUserId');
  expect(await administrators()).toHaveLength(count);
  return clients;
}

/** @returns the error codes of the payload and of the operation; empty for success */
async function act(by: Client | undefined, verb: Verb, on: Client | undefined): Promise<string[]> {
  const [name, input, answers] = verbs[verb]?.(on?.userId) ?? ['', {}, ''];
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${answers} errors { code } } }`;
  const answer = await by?.ask(query, { input });
  const refusals = (answer?.data?.[name]?.['errors'] ?? []) as unknown as Json[];
  return [...(answer?.codes ?? []), ...refusals.map(({ code }) => String(code))];
}

/** Users whose administrator flag and system role differ. */
const unpaired = () =>
  sql().rows(
    `select username from users u where is_admin <> exists (select from role_grants g join roles r on r.id = g.role_id
       where g.user_id = u.id and r.name = 'admin' and g.revoked_at is null)`,
  );

const names = Object.keys(verbs);
const pairs = names.flatMap((first) => names.map((second) => [first, second] as [Verb, Verb]));

describe.each(pairs)('one %ss the other, who %ss the one', (first, second) => {
  test('in two processes at once: one of the two remains', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const [one, other] = await onlyAdministrators(2);
      const answers = await Promise.all([act(one, first, other), act(other, second, one)]);
      expect(answers.filter((codes) => codes.length === 0)).toHaveLength(1);
      // The second one was refused as the last administrator, or had lost the right before the request began.
      expect(['LAST_ADMINISTRATOR', 'FORBIDDEN', 'UNAUTHENTICATED']).toContain(answers.flat()[0]);
      expect(await administrators()).toHaveLength(1);
      expect(await unpaired()).toEqual([]);
    }
  });
});

test.each(names)('three in a circle, each of whom %ss the next: somebody remains', async (verb) => {
  for (let round = 0; round < rounds; round += 1) {
    const clients = await onlyAdministrators(3);
    const answers = await Promise.all(clients.map((client, i) => act(client, verb, clients[(i + 1) % 3])));
    const done = answers.filter((codes) => codes.length === 0).length;
    expect([1, 2]).toContain(done);
    expect(await administrators()).toHaveLength(3 - done);
    for (const code of answers.flat()) expect(['LAST_ADMINISTRATOR', 'FORBIDDEN', 'UNAUTHENTICATED']).toContain(code);
  }
});

test('all delete themselves at once: one is refused and remains', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const clients = await onlyAdministrators(3);
    const answers = await Promise.all(
      clients.map((client) => client.mutate('deleteOwnAccount', { currentPassword: password }, 'deletedUserId')),
    );
    expect(answers.filter(({ deletedUserId }) => deletedUserId)).toHaveLength(2);
    expect(answers.flatMap(({ errors }) => errors)).toMatchObject([{ code: 'LAST_ADMINISTRATOR' }]);
    expect(await administrators()).toHaveLength(1);
  }
});

test('one deletes themself while the other demotes or deletes them', async () => {
  for (const verb of names) {
    const [one, other] = await onlyAdministrators(2);
    const answers = await Promise.all([
      one?.mutate('deleteOwnAccount', { currentPassword: password }, 'deletedUserId').catch(() => undefined),
      act(other, verb, one),
      act(one, verb, other),
    ]);
    expect(answers).toHaveLength(3);
    expect(await administrators()).toHaveLength(1);
  }
});

test('the last one cannot delete the own account, a deactivated administrator counts for nothing', async () => {
  const [one, other] = await onlyAdministrators(2);
  expect(await act(one, 'deactivate', other)).toEqual([]);
  const remove = () => one?.mutate('deleteOwnAccount', { currentPassword: password }, 'deletedUserId');
  expect((await remove())?.['errors']).toMatchObject([{ code: 'LAST_ADMINISTRATOR' }]);
  expect((await one?.ask('{ users { totalCount } }'))?.codes).toEqual([]);
  // A deactivated administrator no longer counts, so they can be demoted and deleted.
  expect(await act(one, 'demote', other)).toEqual([]);
  await one?.mutate('setAdministrator', { userId: other?.userId, isAdmin: true }, 'user { id }');
  expect((await remove())?.['errors']).toMatchObject([{ code: 'LAST_ADMINISTRATOR' }]);
  await one?.mutate('reactivateUser', { userId: other?.userId }, 'user { id }');
  expect((await remove())?.['errors']).toEqual([]);
  expect(await administrators()).toMatchObject([{ id: other?.userId }]);
  expect(administrator.username).not.toBe((await administrators())[0]?.username);
});

test('an administrator whom another has locked counts for nothing until the lock ends', async () => {
  const [one, other] = await onlyAdministrators(2);
  expect(await act(one, 'lock', other)).toEqual([]);
  const remove = () => one?.mutate('deleteOwnAccount', { currentPassword: password }, 'deletedUserId');
  expect((await remove())?.['errors']).toMatchObject([{ code: 'LAST_ADMINISTRATOR' }]);
  // The open session of the locked one still acts, but cannot lock out the only one who may sign in.
  for (const verb of names) expect(await act(other, verb, one)).toEqual(['LAST_ADMINISTRATOR']);
  await one?.mutate('unlockUser', { userId: other?.userId }, 'user { id }');
  expect((await remove())?.['errors']).toEqual([]);
});

test('granting, revoking and deleting at once among administrators wait for each other in one order', async () => {
  for (let round = 0; round < rounds; round += 1) {
    const [one, other, third] = await onlyAdministrators(3);
    const role = await one?.mutate('createRole', { name: `Crossed ${++made}`, level: 1 }, 'role { id }');
    const roleId = role?.['role']?.['id'];
    const grant = (by: Client | undefined, on: Client | undefined, verb = 'grantRole') =>
      by
        ?.mutate(verb, { userId: on?.userId, roleId }, 'grant { id }')
        .then(() => '')
        .catch((error: unknown) => String(error));
    const failures = await Promise.all([
      grant(one, other),
      grant(other, one),
      grant(third, one),
      grant(one, third),
      grant(other, one, 'revokeRole'),
      grant(one, other, 'revokeRole'),
      act(third, 'delete', one).then(String),
      act(third, 'delete', other).then(String),
    ]);
    expect(failures.join()).not.toContain('INTERNAL_SERVER_ERROR');
    expect(await administrators()).toMatchObject([{ id: third?.userId }]);
  }
});
