import { beforeAll, describe, expect, test } from '@jest/globals';
import { days } from '../../src/clock.js';
import { Client, type Json } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { administrator, Harness, password } from '../support/harness.js';

let harness: Harness;
let admin: Client;
let second: string;
let people = 0;
beforeAll(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
  second = (await harness.another()).url;
});

const newcomer = () => harness.person(`person.${++people}`);
const sql = () => harness.app.services.database.sql;
const eventsOf = (userId: string | undefined) =>
  sql().rows<{ type: string; actorId: string; details: Record<string, unknown> }>(
    'select type, actor_id as "actorId", details from every_event where subject_id = $1 order by position',
    [userId ?? ''],
  );
const typesOf = async (userId: string | undefined) => (await eventsOf(userId)).map(({ type }) => type);
const refusal = (code: string, field = 'userId') => [{ code, field: ['input', field] }];
const viewer = '{ viewer { isAdmin username email isVerified roles { name } } }';

/** A client for the same person at another process. */
function elsewhere(client: Client): Client {
  const other = new Client(second);
  other.token = client.token;
  other.userId = client.userId;
  return other;
}

/** End of a lock. */
const tomorrow = new Date(Date.now() + days(1)).toISOString();

const verbs: [verb: string, more: Record<string, unknown>, answers: string][] = [
  ['updateUser', { firstName: 'Changed' }, 'user { id }'],
  ['setAdministrator', { isAdmin: true }, 'user { id }'],
  ['setAdministrator', { isAdmin: false }, 'user { id }'],
  ['deactivateUser', {}, 'user { id }'],
  ['reactivateUser', {}, 'user { id }'],
  ['lockUser', { until: tomorrow }, 'user { id }'],
  ['unlockUser', {}, 'user { id }'],
  ['deleteUser', {}, 'deletedUserId'],
];

describe.each(verbs)('%s %j', (verb, more, answers) => {
  test('finds nobody behind ids that are unknown, malformed or of something else', async () => {
    const { data } = await admin.ask('{ roles { id } }');
    const ids = [
      crypto.randomUUID(),
      '',
      'nonsense',
      `${admin.userId} `,
      `{${admin.userId}}`,
      "' or true --",
      admin.sessionId,
      data['roles']?.[0]?.['id'],
    ];
    for (const userId of ids) {
      const payload = await admin.mutate(verb, { userId, ...more }, answers);
      expect([userId, payload['errors']]).toEqual([userId, refusal('NOT_FOUND')]);
    }
  });

  test('is not for ordinary users, about others or themselves', async () => {
    const [person, other] = [await newcomer(), await newcomer()];
    const before = await sql().rows('select * from users order by id');
    for (const userId of [other.userId, person.userId, admin.userId]) {
      const query = `mutation ($input: ${verb[0]?.toUpperCase()}${verb.slice(1)}Input!) { ${verb}(input: $input) { errors { code } } }`;
      expect((await person.ask(query, { input: { userId, ...more } })).codes).toEqual(['FORBIDDEN']);
    }
    expect(await sql().rows('select * from users order by id')).toEqual(before);
  });
});

test.each([
  ['setAdministrator', { isAdmin: false }, 'user { id }'],
  ['lockUser', { until: tomorrow }, 'user { id }'],
  ['deactivateUser', { reason: 'x' }, 'user { id }'],
  ['deleteUser', {}, 'deletedUserId'],
])('%s is for another administrator to do, however the own id is written', async (verb, more, answers) => {
  for (const userId of [admin.userId, admin.userId?.toUpperCase()]) {
    const { errors } = await admin.mutate(verb, { userId, ...more }, answers);
    expect(errors).toEqual(refusal('OWN_ACCOUNT'));
  }
  expect((await admin.ask(viewer)).data['viewer']).toMatchObject({ isAdmin: true });
});

test('updateUser changes profile, name and address; the old address is told', async () => {
  const person = await newcomer();
  const old = `person.${people}@example.com`;
  await harness.client().mutate('resendVerificationEmail', { email: old }, 'email');
  const input = {
    userId: person.userId?.toUpperCase(),
    username: ' New.Name ',
    email: 'New@Example.com',
    firstName: 'New',
    timezone: 'utc',
    emailNotifications: false,
  };
  const { user, errors } = await admin.mutate(
    'updateUser',
    input,
    'user { id username email firstName timezone isVerified emailNotifications }',
  );
  expect(errors).toEqual([]);
  expect(user).toEqual({
    id: person.userId,
    username: 'new.name',
    email: 'new@example.com',
    firstName: 'New',
    timezone: 'UTC',
    isVerified: true,
    emailNotifications: false,
  });
  await harness.mailbox.mailTo(old, 2);
  expect((await harness.client().login('new@example.com', password))['errors']).toEqual([]);
  expect((await harness.client().login(old, password))['errors']).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
  const events = (await eventsOf(person.userId)).filter(({ actorId }) => actorId === admin.userId);
  expect(events).toEqual([
    {
      type: 'USER_UPDATED',
      actorId: admin.userId,
      details: {
        fields: expect.arrayContaining(['username', 'email', 'firstName', 'timezone', 'emailNotifications']),
        changes: {
          username: { from: expect.any(String), to: 'new.name' },
          email: { from: old, to: 'new@example.com' },
          firstName: { from: null, to: 'New' },
          timezone: { from: null, to: 'UTC' },
          emailNotifications: { from: true, to: false },
        },
      },
    },
    {
      type: 'EMAIL_CHANGED',
      actorId: admin.userId,
      details: { changes: { email: { from: old, to: 'new@example.com' } } },
    },
  ]);
});

test('what was mailed to an address opens nothing once it was replaced, not even when it comes back', async () => {
  const client = harness.client();
  const email = 'late@example.com';
  await client.mutate('register', { username: 'late', email, password }, 'email');
  const token = await harness.mailbox.tokenTo(email);
  const userId = (await sql().row<{ id: string }>("select id from users where username = 'late'"))?.id;
  for (const address of ['between@example.com', email]) {
    await admin.mutate('updateUser', { userId, email: address }, 'user { id }');
    const { errors } = await client.mutate('verifyEmail', { token }, 'user { id }');
    expect(errors).toEqual(refusal('INVALID_TOKEN', 'token'));
  }
});

test('an address that an administrator confirms counts as verified, and nobody is told of a change', async () => {
  const email = 'unverified@example.com';
  await harness.client().mutate('register', { username: 'unverified', email, password }, 'email');
  const userId = (await sql().row<{ id: string }>("select id from users where username = 'unverified'"))?.id;
  await admin.mutate('updateUser', { userId, username: null, email: null, lastName: 'Y' }, 'user { id }');
  expect((await harness.client().login('unverified', password))['errors']).toMatchObject([
    { code: 'EMAIL_NOT_VERIFIED' },
  ]);
  await admin.mutate('updateUser', { userId, email }, 'user { id }');
  expect((await harness.client().login('unverified', password))['errors']).toEqual([]);
  expect(await typesOf(userId)).not.toContain('EMAIL_CHANGED');
});

test('updateUser names what is taken and what will not do, and changes nothing then', async () => {
  const { userId } = await newcomer();
  const before = await sql().rows('select * from users order by id');
  const tries: [Record<string, unknown>, string, string][] = [
    [{ username: administrator.username.toUpperCase() }, 'USERNAME_TAKEN', 'username'],
    [{ email: administrator.email.toUpperCase() }, 'EMAIL_TAKEN', 'email'],
    [{ username: 'a' }, 'INVALID_INPUT', 'username'],
    [{ username: 'a@b.example' }, 'INVALID_INPUT', 'username'],
    [{ email: 'no address' }, 'INVALID_INPUT', 'email'],
    [{ website: 'javascript:alert(1)' }, 'INVALID_INPUT', 'website'],
    [{ timezone: '+01:00' }, 'INVALID_INPUT', 'timezone'],
  ];
  for (const [change, code, field] of tries) {
    const { errors } = await admin.mutate('updateUser', { userId, bio: 'changed', ...change }, 'user { id }');
    expect(errors).toEqual(refusal(code, field));
  }
  expect(await sql().rows('select * from users order by id')).toEqual(before);
  expect(await typesOf(userId)).not.toContain('USER_UPDATED');
});

test('of 20 accounts that are given one name at once, one gets it', async () => {
  const ids = await Promise.all(
    Array.from({ length: 20 }, async (_, i) => {
      const made = { username: `racer${i}`, email: `racer${i}@example.com`, password };
      return (await admin.mutate('createUser', made, 'user { id }'))['user']?.['id'];
    }),
  );
  const tries = await Promise.all(
    ids.map((userId) => admin.mutate('updateUser', { userId, username: 'winner' }, 'user { id }')),
  );
  expect(tries.filter(({ user }) => user)).toHaveLength(1);
  expect(tries.filter(({ errors }) => errors?.[0]?.['code'] === 'USERNAME_TAKEN')).toHaveLength(19);
});

test('setAdministrator gives the flag and the role, takes both, and open sessions elsewhere have or lack the rights', async () => {
  const person = await newcomer();
  const there = elsewhere(person);
  const state = async () => (await there.ask(viewer)).data['viewer'] as Json;
  expect(await state()).toMatchObject({ isAdmin: false, roles: [{ name: 'user' }] });
  const set = (isAdmin: boolean) =>
    admin.mutate('setAdministrator', { userId: person.userId, isAdmin }, 'user { isAdmin roles { name } }');
  for (let round = 0; round < 2; round += 1) {
    for (let twice = 0; twice < 2; twice += 1)
      expect((await set(true))['user']).toEqual({ isAdmin: true, roles: [{ name: 'admin' }, { name: 'user' }] });
    await eventually(async () => (await there.ask('{ users { totalCount } }')).codes.length === 0);
    const stream = there.follow('subscription { securityEvents { type } }');
    await eventually(async () => {
      await person.ask('mutation { updateProfile(input: { bio: "x" }) { errors { code } } }');
      await person.ask('mutation { updateProfile(input: { bio: null }) { errors { code } } }');
      return stream.events.length > 0;
    });
    for (let twice = 0; twice < 2; twice += 1)
      expect((await set(false))['user']).toEqual({ isAdmin: false, roles: [{ name: 'user' }] });
    await eventually(() => stream.ended);
    await eventually(async () => (await there.ask('{ users { totalCount } }')).codes[0] === 'FORBIDDEN');
    await stream.client.dispose();
  }
  const grants = await sql().rows(
    `select g.revoked_by_id as "by" from role_grants g join roles r on r.id = g.role_id
     where g.user_id = $1 and r.name = 'admin' and g.revoked_at is not null`,
    [person.userId ?? ''],
  );
  expect(grants).toEqual([{ by: admin.userId }, { by: admin.userId }]);
  const types = await typesOf(person.userId);
  for (const type of ['ROLE_GRANTED', 'ROLE_REVOKED']) expect(types.filter((each) => each === type)).toHaveLength(2);
});

test('the system roles are given and taken by nothing else', async () => {
  const person = await newcomer();
  const { data } = await admin.ask('{ roles { id name isSystem } }');
  const roles = (data['roles'] as unknown as { id: string; name: string; isSystem: boolean }[]).filter(
    ({ isSystem }) => isSystem,
  );
  expect(roles.map(({ name }) => name)).toEqual(['admin', 'user']);
  for (const { id: roleId } of roles) {
    for (const verb of ['grantRole', 'revokeRole'])
      for (const userId of [person.userId, admin.userId])
        expect((await admin.mutate(verb, { userId, roleId }, 'grant { id }'))['errors']).toEqual(
          refusal('SYSTEM_ROLE', 'roleId'),
        );
    const made = { username: 'roled', email: 'roled@example.com', password, roleIds: [roleId] };
    expect((await admin.mutate('createUser', made, 'user { id }'))['errors']).toEqual(
      refusal('SYSTEM_ROLE', 'roleIds'),
    );
  }
});

test('deactivation ends sessions, sockets, refresh and sign-in everywhere; reactivation lets in anew', async () => {
  const person = await newcomer();
  const there = elsewhere(person);
  expect((await there.ask(viewer)).codes).toEqual([]);
  const stream = there.follow('subscription { sessionEvents { type } }');
  await eventually(async () => {
    await harness.client().login(`person.${people}`, password);
    return stream.events.length > 0;
  });
  const input = { userId: person.userId, reason: '  left the\r\ncompany ' };
  const { user, errors } = await admin.mutate('deactivateUser', input, 'user { isActive }');
  expect([user, errors]).toEqual([{ isActive: false }, []]);
  await eventually(() => stream.ended);
  await eventually(async () => (await there.ask(viewer)).codes[0] === 'UNAUTHENTICATED');
  expect((await person.ask(viewer)).codes).toEqual(['UNAUTHENTICATED']);
  const renew = () =>
    there.mutate('refreshSession', { refreshToken: person.refreshToken }, 'authentication { tokenType }');
  expect((await renew())['errors']).toMatchObject([{ code: 'INVALID_TOKEN' }]);
  const signIn = async () => (await harness.client().login(`person.${people}`, password))['errors'];
  expect(await signIn()).toMatchObject([{ code: 'ACCOUNT_DEACTIVATED' }]);
  await admin.mutate('deactivateUser', input, 'user { isActive }');
  const deactivations = (await eventsOf(person.userId)).filter(({ type }) => type === 'USER_DEACTIVATED');
  const changes = { isActive: { from: true, to: false } };
  expect(deactivations.map(({ details }) => details)).toEqual([{ reason: 'left the\ncompany', changes }]);
  const ends = await sql().rows('select distinct end_reason as "why" from sessions where user_id = $1', [
    person.userId ?? '',
  ]);
  expect(ends).toEqual([{ why: 'DEACTIVATED' }]);
  for (let twice = 0; twice < 2; twice += 1) {
    const again = await admin.mutate('reactivateUser', { userId: person.userId }, 'user { isActive }');
    expect(again['user']).toEqual({ isActive: true });
  }
  expect((await typesOf(person.userId)).filter((type) => type === 'USER_REACTIVATED')).toHaveLength(1);
  expect((await person.ask(viewer)).codes).toEqual(['UNAUTHENTICATED']);
  expect((await renew())['errors']).toMatchObject([{ code: 'INVALID_TOKEN' }]);
  expect(await signIn()).toEqual([]);
  await stream.client.dispose();
});

test('deactivation racing sign-ins leaves no session alive', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { userId } = await newcomer();
    const name = `person.${people}`;
    await Promise.all([
      ...Array.from({ length: 2 }, () => harness.client().login(name, password)),
      admin.mutate('deactivateUser', { userId }, 'user { id }'),
      ...Array.from({ length: 2 }, () => new Client(second).login(name, password)),
    ]);
    const alive = 'select 1 from sessions where user_id = $1 and ended_at is null';
    expect(await sql().rows(alive, [userId ?? ''])).toEqual([]);
  }
});

test.each(['x'.repeat(501), 'a\u202eb', 'x'.repeat(100_000)])('a reason is short and plain text', async (reason) => {
  const { userId } = await newcomer();
  const { errors } = await admin.mutate('deactivateUser', { userId, reason }, 'user { id }');
  expect(errors).toEqual(refusal('INVALID_INPUT', 'reason'));
});

test('unlockUser lifts the lock in every process, and says so once', async () => {
  const person = await newcomer();
  const name = `person.${people}`;
  for (let tries = 0; tries < 5; tries += 1) await harness.client().login(name, 'wrong');
  const signIn = async (url: string) => (await new Client(url).login(name, password))['errors'];
  expect(await signIn(second)).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
  const unlock = () =>
    admin.mutate('unlockUser', { userId: person.userId }, 'user { isLocked lockedUntil twoFactorEnabled }');
  for (let twice = 0; twice < 2; twice += 1)
    expect((await unlock())['user']).toEqual({ isLocked: false, lockedUntil: null, twoFactorEnabled: false });
  expect(await signIn(second)).toEqual([]);
  expect((await typesOf(person.userId)).filter((type) => type === 'ACCOUNT_UNLOCKED')).toHaveLength(1);
});

test('createUser is all or nothing, also with too many roles', async () => {
  const roleIds = Array.from({ length: 101 }, () => crypto.randomUUID());
  const made = { username: 'half', email: 'half@example.com', password, isAdmin: true };
  for (const [more, code, field] of [
    [{ roleIds }, 'INVALID_INPUT', 'roleIds'],
    [{ roleIds: ['nonsense'] }, 'NOT_FOUND', 'roleIds'],
    [{ email: 'half' }, 'INVALID_INPUT', 'email'],
    [{ lastName: 'a\u0007b' }, 'INVALID_INPUT', 'lastName'],
  ] as const)
    expect((await admin.mutate('createUser', { ...made, ...more }, 'user { id }'))['errors']).toEqual(
      refusal(code, field),
    );
  expect(await sql().rows("select 1 from users where username = 'half'")).toEqual([]);
});
