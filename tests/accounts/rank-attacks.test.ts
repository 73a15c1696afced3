import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { seconds } from '../../src/clock.js';
import { type Made, makeAccount, stateOf } from '../support/accounts.js';
import { Client, type Json } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { type Permits, roleWith } from '../support/role-with.js';
import { statementsOf } from '../support/statements.js';

jest.setTimeout(60_000);

const changes: Permits = { 'user:read': null, 'user:update': null, 'user:deactivate': null, 'user:create': null };

let harness: Harness;
let admin: Client;
let second: string;
let made = 0;
const roles: Record<string, string> = {};

beforeAll(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
  second = (await harness.another()).url;
  roles['manager'] = await roleWith(harness, 'manager', 50, changes);
  roles['chief'] = await roleWith(harness, 'chief', 60, {});
});

const sql = () => harness.app.services.database.sql;
const above = (field = 'userId') => [{ code: 'ABOVE_OWN_LEVEL', field: ['input', field] }];

/** Creates a signed-in person who holds these roles. */
async function holder(...roleIds: (string | undefined)[]): Promise<Client> {
  const username = `holder.${++made}`;
  const input = { username, email: `${username}@example.com`, password, roleIds };
  await admin.mutate('createUser', input, 'user { id }');
  const client = harness.client();
  await client.login(username, password);
  return client;
}
const newRole = (level: number, permits: Permits) => roleWith(harness, `role ${++made}`, level, permits);
const grant = (userId: string | undefined, roleId: string | undefined, more: object = {}) =>
  admin.mutate('grantRole', { userId, roleId, ...more }, 'grant { id }');
const revoke = (userId: string | undefined, roleId: string | undefined) =>
  admin.mutate('revokeRole', { userId, roleId }, 'grant { id }');

/** @returns the codes of the refusal; empty on success */
async function refusal(client: Client, name: string, input: Record<string, unknown>): Promise<string[]> {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  const { codes, data } = await client.ask(
    `mutation ($input: ${type}!) { ${name}(input: $input) { errors { code } } }`,
    { input },
  );
  const refused = (data?.[name]?.['errors'] ?? []) as unknown as Json[];
  return [...codes, ...refused.map(({ code }) => String(code))];
}
const newAddress = () => `new.${++made}@example.com`;
const setAddress = (client: Client, { id: userId }: Made, email = newAddress()) =>
  client.mutate('updateUser', { userId, email }, 'user { email }');

describe('an address', () => {
  test('is not set by whom the account would give more than they hold', async () => {
    const manager = await holder(roles['manager']);
    const low = await newRole(5, { 'invoice:approve': null });
    const narrow = await newRole(5, { 'user:update': { language: 'de' } });
    for (const roleId of [low, narrow]) {
      const target = await makeAccount(harness, { roleId });
      const before = await stateOf(harness, target.id);
      // The narrow role's permission is covered by the manager's, which has no conditions.
      const refused = roleId === low;
      expect((await setAddress(manager, target))['errors']).toEqual(refused ? above('email') : []);
      if (refused) expect(await stateOf(harness, target.id)).toEqual(before);
      expect(await refusal(manager, 'updateUser', { userId: target.id, bio: 'x' })).toEqual([]);
    }
    await grant(manager.userId, low);
    await eventually(async () => (await manager.ask('{ users { totalCount } }')).codes.length === 0);
    expect((await setAddress(manager, await makeAccount(harness, { roleId: low })))['errors']).toEqual([]);
  });

  test('is not set of a deactivated account either, which could be reactivated then', async () => {
    const manager = await holder(roles['manager']);
    const low = await newRole(5, { 'invoice:approve': null });
    for (const wanted of [{ roleId: low }, { roleId: roles['manager'] }]) {
      const target = await makeAccount(harness, { ...wanted, isActive: false });
      expect((await setAddress(manager, target))['errors']).toEqual(above('email'));
      expect((await setAddress(admin, target))['errors']).toEqual([]);
    }
    const administrator = await makeAccount(harness, { isAdmin: true, isActive: false });
    expect((await setAddress(manager, administrator))['errors']).toEqual(above());
    expect(await refusal(manager, 'reactivateUser', { userId: administrator.id })).toEqual(['ABOVE_OWN_LEVEL']);
  });

  test('of one’s own is not moved by updateUser, by whomever, under any name of the account', async () => {
    const administrator = harness.client();
    const username = `own.${++made}`;
    const input = { username, email: `${username}@example.com`, password, isAdmin: true };
    await admin.mutate('createUser', input, 'user { id }');
    await administrator.login(username, password);
    const self = await holder(await newRole(40, { 'user:update': { id: `\${user.id}` } }));
    for (const client of [administrator, await holder(roles['manager']), self]) {
      const id = String(client.userId);
      const before = await stateOf(harness, id);
      for (const userId of [id, id.toUpperCase()]) {
        const moving = { userId, email: newAddress(), bio: 'moved' };
        expect((await client.mutate('updateUser', moving, 'user { id }'))['errors']).toEqual([
          { code: 'OWN_ACCOUNT', field: ['input', 'email'] },
        ]);
      }
      expect(await stateOf(harness, id)).toEqual(before);
      const { email } = before as { email: string };
      const kept = { userId: id, email: email.toUpperCase(), bio: 'mine' };
      expect((await client.mutate('updateUser', kept, 'user { email bio }'))['user']).toEqual({ email, bio: 'mine' });
    }
  });

  test('that stays what it is takes no more than any change', async () => {
    const manager = await holder(roles['manager']);
    const peer = await makeAccount(harness, { roleId: roles['manager'] });
    const same = `${peer.username}@EXAMPLE.com`;
    expect((await setAddress(manager, peer, same))['user']).toEqual({ email: `${peer.username}@example.com` });
  });
});

describe('conditions', () => {
  const language = (role: string) => newRole(40, { 'user:update': { language: role }, 'user:read': null });

  test('let nobody change an account into one they may not change, or back', async () => {
    const manager = await holder(await language('de'));
    const [theirs, other] = [
      await makeAccount(harness, { language: 'de' }),
      await makeAccount(harness, { language: 'en' }),
    ];
    for (const [{ id }, wanted] of [
      [theirs, 'en'],
      [theirs, null],
      [other, 'de'],
    ] as const) {
      const before = await stateOf(harness, id);
      expect(await refusal(manager, 'updateUser', { userId: id, language: wanted, bio: 'x' })).toEqual(['FORBIDDEN']);
      expect(await stateOf(harness, id)).toEqual(before);
    }
    expect(await refusal(manager, 'updateUser', { userId: theirs.id, language: 'de', bio: 'x' })).toEqual([]);
  });

  test('of address and verification hold for what is set', async () => {
    const unverified = await newRole(40, { 'user:update': { isVerified: false } });
    const manager = await holder(unverified);
    const { id, username } = await makeAccount(harness);
    await sql().rows('update users set is_verified = false where id = $1', [id]);
    expect(await refusal(manager, 'updateUser', { userId: id, email: `${username}@example.com` })).toEqual([
      'FORBIDDEN',
    ]);
    expect(await refusal(manager, 'updateUser', { userId: id, bio: 'x' })).toEqual([]);
  });

  test("with the caller's address follow it at once, however it is changed", async () => {
    const conditions = { 'user:unlock': { email: `\${user.email}` } };
    const support = await holder(await newRole(40, conditions));
    const unlockOwn = () => refusal(support, 'unlockUser', { userId: support.userId });
    expect(await unlockOwn()).toEqual([]);
    await setAddress(admin, { id: String(support.userId) } as Made);
    expect(await unlockOwn()).toEqual([]);
    const newEmail = newAddress();
    await support.mutate('requestEmailChange', { newEmail, currentPassword: password }, 'email');
    await harness
      .client()
      .mutate('confirmEmailChange', { token: await harness.mailbox.tokenTo(newEmail) }, 'user { id }');
    expect((await support.ask('{ viewer { viewerCanUnlock } }')).data['viewer']).toEqual({ viewerCanUnlock: true });
    expect(await unlockOwn()).toEqual([]);
  });
});

describe('making accounts', () => {
  const account = (more: object = {}) => {
    const username = `created.${++made}`;
    return { username, email: `${username}@example.com`, password, ...more };
  };
  const count = async () => (await sql().row<{ count: string }>('select count(*) from users'))?.count;

  test('takes the permission for what is made', async () => {
    const [plain, german] = [
      await holder(await newRole(40, { 'user:create': { isAdmin: false, isVerified: true } })),
      await holder(await newRole(40, { 'user:create': { language: 'de' } })),
    ];
    const before = await count();
    expect(await refusal(german, 'createUser', account())).toEqual(['FORBIDDEN']);
    expect(await refusal(plain, 'createUser', account({ isAdmin: true }))).toEqual(['FORBIDDEN']);
    expect(await count()).toBe(before);
    expect(await refusal(plain, 'createUser', account())).toEqual([]);
  });

  test('makes no administrator but by one, and gives no roles without the permission', async () => {
    const manager = await holder(roles['manager']);
    const before = await count();
    const { errors } = await manager.mutate('createUser', account({ isAdmin: true }), 'user { id }');
    expect(errors).toEqual(above('isAdmin'));
    expect(await refusal(manager, 'createUser', account({ roleIds: [await newRole(1, {})] }))).toEqual(['FORBIDDEN']);
    expect(await count()).toBe(before);
  });
});

describe('at once', () => {
  /** A client for the same person at another process. */
  function elsewhere(client: Client): Client {
    const other = new Client(second);
    other.token = client.token;
    return other;
  }
  const grantedAt = async (userId: string, roleId: string | undefined) =>
    Number(
      (
        await sql().row<{ position: string }>(
          `select position from every_event where type = 'ROLE_GRANTED' and subject_id = $1 and details->>'roleId' = $2`,
          [userId, roleId ?? ''],
        )
      )?.position,
    );

  test('a higher role is given while managers change the address: never after it', async () => {
    const managers = await Promise.all(Array.from({ length: 4 }, () => holder(roles['manager'])));
    const ways = managers.flatMap((manager) => [manager, elsewhere(manager)]);
    for (let round = 0; round < 5; round += 1) {
      const target = await makeAccount(harness);
      const tries = Array.from({ length: 19 }, (_, i) => setAddress(ways[i % ways.length] ?? admin, target));
      tries.splice(round * 4, 0, grant(target.id, roles['chief']));
      const answers = await Promise.all(tries);
      const codes = answers.flatMap(({ errors }) => (errors as unknown as Json[]).map(({ code }) => String(code)));
      expect(codes.every((code) => code === 'ABOVE_OWN_LEVEL')).toBe(true);
      const late = await sql().rows(
        `select position from every_event where type = 'EMAIL_CHANGED' and subject_id = $1 and position > $2`,
        [target.id, await grantedAt(target.id, roles['chief'])],
      );
      expect(late).toEqual([]);
      expect((await setAddress(managers[0] ?? admin, target))['errors']).toEqual(above());
    }
  });

  test('a higher role is given while managers deactivate: never after it', async () => {
    const managers = await Promise.all(Array.from({ length: 4 }, () => holder(roles['manager'])));
    const ways = managers.flatMap((manager) => [manager, elsewhere(manager)]);
    for (let round = 0; round < 5; round += 1) {
      const target = await makeAccount(harness);
      const tries = Array.from({ length: 19 }, (_, i) =>
        refusal(ways[i % ways.length] ?? admin, 'deactivateUser', { userId: target.id }),
      );
      const given = grant(target.id, roles['chief']);
      const answers = await Promise.all(tries);
      await given;
      expect(answers.flat().every((code) => code === 'ABOVE_OWN_LEVEL')).toBe(true);
      const late = await sql().rows(
        `select position from every_event where type = 'USER_DEACTIVATED' and subject_id = $1 and position > $2`,
        [target.id, await grantedAt(target.id, roles['chief'])],
      );
      expect(late).toEqual([]);
    }
  });

  test('a manager who loses the role does nothing after it, in another process either', async () => {
    for (let round = 0; round < 5; round += 1) {
      const manager = await holder(roles['manager']);
      const there = elsewhere(manager);
      expect((await there.ask('{ users { totalCount } }')).codes).toEqual([]);
      const targets = await Promise.all(Array.from({ length: 19 }, () => makeAccount(harness)));
      const acts = targets.map(({ id }) => refusal(there, 'deactivateUser', { userId: id }));
      const revoked = revoke(manager.userId, roles['manager']);
      const answers = await Promise.all(acts);
      await revoked;
      expect(answers.flat().every((code) => code === 'FORBIDDEN')).toBe(true);
      const done = await sql().rows<{ late: boolean }>(
        `select e.position > (select position from every_event where type = 'ROLE_REVOKED' and subject_id = $1) as late
         from every_event e where e.type = 'USER_DEACTIVATED' and e.actor_id = $1`,
        [String(manager.userId)],
      );
      expect(done).toHaveLength(answers.filter((codes) => codes.length === 0).length);
      expect(done.filter(({ late }) => late)).toEqual([]);
    }
  });

  test('a manager who loses the role makes no account and ends no session or token after it', async () => {
    const manager = await holder(roles['manager']);
    const there = elsewhere(manager);
    expect((await there.ask('{ users { totalCount } }')).codes).toEqual([]);
    const targets = await Promise.all(Array.from({ length: 6 }, () => makeAccount(harness)));
    const acts = targets.flatMap(({ id, sessionId, tokenId }, i) => {
      const username = `late.${++made}`;
      const account = { username, email: `${username}@example.com`, password };
      return [
        refusal(there, 'createUser', account),
        refusal(there, 'revokeApiToken', { apiTokenId: tokenId }),
        i % 2 ? refusal(there, 'revokeSession', { sessionId }) : refusal(there, 'revokeUserSessions', { userId: id }),
      ];
    });
    const [answers] = await Promise.all([Promise.all(acts), revoke(manager.userId, roles['manager'])]);
    expect(['FORBIDDEN', 'NOT_FOUND']).toEqual(expect.arrayContaining([...new Set(answers.flat())]));
    const late = await sql().rows(
      `select e.type from every_event e where e.actor_id = $1
         and e.type in ('USER_CREATED', 'SESSION_REVOKED', 'API_TOKEN_REVOKED')
         and e.position > (select position from every_event where type = 'ROLE_REVOKED' and subject_id = $1)`,
      [String(manager.userId)],
    );
    expect(late).toEqual([]);
  });

  test('two managers who deactivate each other: one is left', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [one, other] = [await holder(roles['manager']), await holder(roles['manager'])];
      const answers = await Promise.all([
        refusal(one, 'deactivateUser', { userId: other.userId }),
        refusal(elsewhere(other), 'deactivateUser', { userId: one.userId }),
      ]);
      expect(answers.filter((codes) => codes.length === 0)).toHaveLength(1);
      expect(answers.flat()).toEqual(['UNAUTHENTICATED']);
    }
  });
});

test('a role counts until the millisecond it ends, for who acts and for whom it protects', async () => {
  const end = new Date(harness.clock.now().getTime() + seconds(60));
  const [manager, target] = [await holder(), await makeAccount(harness)];
  await grant(manager.userId, roles['manager'], { expiresAt: end.toISOString() });
  await grant(target.id, roles['chief'], { expiresAt: new Date(end.getTime() - 1).toISOString() });
  const act = () => refusal(manager, 'updateUser', { userId: target.id, bio: `${++made}` });
  const foretold = async () =>
    (await manager.ask(`{ user(id: "${target.id}") { viewerCanUpdate } }`)).data['user']?.['viewerCanUpdate'];
  const now = jest.spyOn(harness.clock, 'now');
  const sooner = (milliseconds: number) => now.mockReturnValue(new Date(end.getTime() - milliseconds));
  sooner(2);
  await eventually(async () => (await manager.ask('{ users { totalCount } }')).codes.length === 0);
  expect([await foretold(), await act()]).toEqual([false, ['ABOVE_OWN_LEVEL']]);
  sooner(1);
  expect([await foretold(), await act()]).toEqual([true, []]);
  sooner(0);
  expect([await foretold(), await act()]).toEqual([false, ['FORBIDDEN']]);
  now.mockRestore();
});

test('what the viewer can do is read in one statement for a page, and in none without the permission', async () => {
  const manager = await holder(await newRole(45, { ...changes, 'user:update': { language: 'de' } }));
  const reader = await holder(await newRole(45, { 'user:read': null }));
  await Promise.all(Array.from({ length: 30 }, () => makeAccount(harness, { language: 'de' })));
  const fields =
    'viewerCanUpdate viewerCanDelete viewerCanDeactivate viewerCanLock viewerCanUnlock viewerCanSetAdministrator';
  const statements = (client: Client, first: number, asked: string) =>
    statementsOf(harness, async () => {
      const { codes, data } = await client.ask(`{ users(first: ${first}) { nodes { username ${asked} } } }`);
      const { nodes } = data['users'] as unknown as { nodes: Json[] };
      expect([codes, nodes.length]).toEqual([[], first]);
    });
  expect([await statements(manager, 1, fields), await statements(manager, 30, fields)]).toEqual([2, 2]);
  expect([await statements(reader, 30, fields), await statements(reader, 30, '')]).toEqual([1, 1]);
});
