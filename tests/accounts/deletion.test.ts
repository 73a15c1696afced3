import { beforeAll, expect, test } from '@jest/globals';
import { Client, type Json } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { mailRequest } from '../support/mail-request.js';
import { statementsOf } from '../support/statements.js';

let harness: Harness;
let admin: Client;
let second: string;
beforeAll(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
  second = (await harness.another()).url;
});

const sql = () => harness.app.services.database.sql;
const viewer = '{ viewer { id } }';

/** Names of all tables with a row that contains the word or its bytes. */
async function tablesHolding(word: string): Promise<string[]> {
  const tables = await sql().rows<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
  );
  expect(tables.length).toBeGreaterThan(15);
  const found: string[] = [];
  const bytes = Buffer.from(word).toString('hex');
  for (const { name } of tables) {
    const text = `select 1 from "${name}" t where t::text ilike $1 or t::text ilike $2 limit 1`;
    if (await sql().row(text, [`%${word}%`, `%${bytes}%`])) found.push(name);
  }
  return found;
}

/** Gives a person rows in every table that can have some. */
async function leaveTraces(person: Client, name: string): Promise<string> {
  const email = `${name}@example.com`;
  const guest = harness.client();
  await guest.login(email, 'wrong');
  await guest.mutate('resendVerificationEmail', { email }, 'email');
  await person.mutate('updateProfile', { bio: 'about me', firstName: 'Name' }, 'user { id }');
  const roleId = String(
    (await admin.mutate('createRole', { name: `of ${name}`, level: 2 }, 'role { id }'))['role']?.['id'],
  );
  await admin.mutate('grantRole', { userId: person.userId, roleId }, 'grant { id }');
  await sql().rows(
    `insert into jobs (id, task, payload, address, created_at, due_at)
     values (gen_random_uuid(), 'mail-request', $2, $1, now(), now() + interval '1 hour')`,
    [email, mailRequest({ purpose: 'reset-password', email, ipAddress: '::1' })],
  );
  await sql().rows(
    `insert into mailed_tokens (token_hash, purpose, user_id, email, new_email, created_at, expires_at)
     values ($3, 'confirm-email-change', $1, $2, 'new-' || $2, now(), now() + interval '1 day')`,
    [person.userId ?? '', email, Buffer.from(name)],
  );
  return roleId;
}

const trail = (userId: string | undefined) =>
  admin.ask(
    `query ($id: ID!) { securityEvents(last: 100, filter: { subjectId: $id }) { nodes {
      type actorId subjectId actorName subjectName actor { id } subject { id } session { id } details } } }`,
    { id: userId },
  );

test('whoever is deleted leaves a readable trail, and no address', async () => {
  const person = await harness.person('leaver');
  const granted = await leaveTraces(person, 'leaver');
  expect(await tablesHolding('leaver@example.com')).toEqual(expect.arrayContaining(['users', 'mailed_tokens', 'jobs']));
  const { deletedUserId, errors } = await admin.mutate(
    'deleteUser',
    { userId: person.userId?.toUpperCase() },
    'deletedUserId',
  );
  expect([deletedUserId, errors]).toEqual([person.userId, []]);
  expect(await tablesHolding('leaver@example.com')).toEqual([]);
  expect(await sql().rows('select 1 from role_grants where role_id = $1', [granted])).toEqual([]);
  expect(await sql().rows('select 1 from attempts where user_id = $1', [person.userId ?? ''])).toEqual([]);
  const events = await eventually(async () => {
    const { data, codes } = await trail(person.userId);
    expect(codes).toEqual([]);
    const nodes = data['securityEvents']?.['nodes'] as unknown as Json[];
    return nodes.at(-1)?.['type'] === 'USER_DELETED' && nodes;
  });
  for (const event of events)
    expect(event).toMatchObject({ subjectId: person.userId, subjectName: 'leaver', subject: null });
  expect(events.find(({ type }) => type === 'USER_REGISTERED')).toMatchObject({
    actorId: person.userId,
    actorName: 'leaver',
    actor: null,
  });
  expect(events.at(-1)).toMatchObject({
    actorName: 'root.admin',
    actorId: admin.userId,
    details: { username: 'leaver' },
  });
  expect(events.find(({ type }) => type === 'LOGIN_FAILED')).toMatchObject({ actorId: null, actorName: null });
  const again = await admin.mutate('deleteUser', { userId: person.userId }, 'deletedUserId');
  expect(again['errors']).toMatchObject([{ code: 'NOT_FOUND' }]);
});

test('sessions, refresh tokens and sockets are dead everywhere, and links too', async () => {
  const person = await harness.person('gone');
  const there = new Client(second);
  there.token = person.token;
  expect((await there.ask(viewer)).codes).toEqual([]);
  const stream = there.follow('subscription { sessionEvents { type } }');
  await eventually(async () => {
    await harness.client().login('gone', password);
    return stream.events.length > 0;
  });
  await admin.mutate('deleteUser', { userId: person.userId }, 'deletedUserId');
  expect((await person.ask(viewer)).codes).toEqual(['UNAUTHENTICATED']);
  await eventually(async () => (await there.ask(viewer)).codes[0] === 'UNAUTHENTICATED');
  await eventually(() => stream.ended);
  await stream.client.dispose();
  const { errors } = await there.mutate(
    'refreshSession',
    { refreshToken: person.refreshToken },
    'authentication { tokenType }',
  );
  expect(errors).toMatchObject([{ code: 'INVALID_TOKEN' }]);
  for (const name of ['gone', 'gone@example.com'])
    expect((await harness.client().login(name, password))['errors']).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
  expect((await admin.ask('query ($id: ID!) { user(id: $id) { id } }', { id: person.userId })).data['user']).toBeNull();
});

test('deleting the own account takes the password, and then all of it', async () => {
  const person = await harness.person('weary');
  const wrong = await person.mutate('deleteOwnAccount', { currentPassword: 'wrong' }, 'deletedUserId');
  expect(wrong['errors']).toEqual([{ code: 'INVALID_CREDENTIALS', field: ['input', 'currentPassword'] }]);
  expect((await person.ask(viewer)).codes).toEqual([]);
  await leaveTraces(person, 'weary');
  const done = await person.mutate('deleteOwnAccount', { currentPassword: password }, 'deletedUserId');
  expect(done).toEqual({ deletedUserId: person.userId, errors: [] });
  expect(await tablesHolding('weary@example.com')).toEqual([]);
  expect((await person.ask(viewer)).codes).toEqual(['UNAUTHENTICATED']);
  const row = await sql().row(
    "select actor_id, details from every_event where type = 'USER_DELETED' and subject_id = $1",
    [person.userId ?? ''],
  );
  expect(row).toEqual({ actor_id: person.userId, details: { username: 'weary' } });
});

test('of 20 deletions of one account at once, one has done it', async () => {
  const person = await harness.person('contested');
  const tries = await Promise.all([
    ...Array.from({ length: 10 }, () => admin.mutate('deleteUser', { userId: person.userId }, 'deletedUserId')),
    ...Array.from({ length: 10 }, () =>
      person.mutate('deleteOwnAccount', { currentPassword: password }, 'deletedUserId').catch((error: unknown) => {
        expect(String(error)).toContain('UNAUTHENTICATED');
        return {} as Json;
      }),
    ),
  ]);
  expect(tries.filter(({ deletedUserId }) => deletedUserId)).toHaveLength(1);
  const events = await sql().rows("select 1 from every_event where type = 'USER_DELETED' and subject_id = $1", [
    person.userId ?? '',
  ]);
  expect(events).toHaveLength(1);
});

test('deletion racing sign-ins, refreshes and changes fails nowhere', async () => {
  for (let round = 0; round < 5; round += 1) {
    const person = await harness.person(`racer.${round}`);
    const there = new Client(second);
    const operations = [
      `mutation { login(input: { identifier: "racer.${round}", password: "${password}" }) { errors { code } } }`,
      `mutation { refreshSession(input: { refreshToken: "${person.refreshToken}" }) { errors { code } } }`,
      `mutation { resendVerificationEmail(input: { email: "racer.${round}@example.com" }) { errors { code } } }`,
    ];
    const own = ['mutation { updateProfile(input: { bio: "b" }) { errors { code } } }', viewer];
    const answers = await Promise.all([
      ...[...operations, ...operations].flatMap((query) => [there.ask(query), harness.client().ask(query)]),
      admin.ask(`mutation { deleteUser(input: { userId: "${person.userId}" }) { deletedUserId errors { code } } }`),
      ...[...own, ...own].map((query) => person.ask(query)),
    ]);
    for (const code of answers.flatMap(({ codes }) => codes)) expect(code).toBe('UNAUTHENTICATED');
  }
  expect(harness.logged.filter((line) => line.includes('"level":50'))).toEqual([]);
});

test('the name and the address are free again, and the trail tells the two apart', async () => {
  const first = await harness.person('phoenix');
  await admin.mutate('deleteUser', { userId: first.userId }, 'deletedUserId');
  const client = harness.client();
  const input = { username: 'phoenix', email: 'phoenix@example.com', password };
  expect((await client.mutate('register', input, 'email'))['errors']).toEqual([]);
  const row = await eventually(() => sql().row<{ id: string }>("select id from users where username = 'phoenix'"));
  expect(row.id).not.toBe(first.userId);
  await admin.mutate('deleteUser', { userId: row.id }, 'deletedUserId');
  const former = await sql().rows("select 1 from former_users where username = 'phoenix'");
  expect(former).toHaveLength(2);
});

test('grants given by somebody who is gone stay, without a granter', async () => {
  const [holder, granter] = [await harness.person('holder'), await harness.person('granter')];
  await admin.mutate('setAdministrator', { userId: granter.userId, isAdmin: true }, 'user { id }');
  const roleId = (await admin.mutate('createRole', { name: 'Kept', level: 4 }, 'role { id }'))['role']?.['id'];
  await eventually(async () => {
    const { data } = await granter.ask(
      'mutation ($i: GrantRoleInput!) { grantRole(input: $i) { grant { grantedBy { username } } } }',
      { i: { userId: holder.userId, roleId } },
    );
    return data?.['grantRole']?.['grant']?.['grantedBy']?.['username'] === 'granter';
  });
  await admin.mutate('deleteUser', { userId: granter.userId }, 'deletedUserId');
  const { data } = await admin.ask(
    'query ($id: ID!) { user(id: $id) { roles { name } grants { role { name } grantedBy { id } } } }',
    { id: holder.userId },
  );
  expect(data['user']?.['grants']).toContainEqual({ role: { name: 'Kept' }, grantedBy: null });
  expect(data['user']?.['roles']).toContainEqual({ name: 'Kept' });
});

test('a page of events takes as many statements for 100 with names as for one', async () => {
  await eventually(async () => {
    await harness.client().login('nobody at all', 'wrong');
    return ((await admin.ask('{ securityEvents { totalCount } }')).data['securityEvents']?.['totalCount'] ?? 0) >= 60;
  });
  const statements = async (last: number) => {
    const query = `{ securityEvents(last: ${last} filter: { since: "2020-01-01T00:00:00Z", types: [USER_REGISTERED, USER_DELETED, LOGIN_SUCCEEDED, EMAIL_VERIFIED] }) { nodes { actorId actorName subjectName subjectId } } }`;
    let nodes: Json[] = [];
    const count = await statementsOf(harness, async () => {
      const { data, codes } = await admin.ask(query);
      expect(codes).toEqual([]);
      ({ nodes } = data['securityEvents'] as unknown as { nodes: Json[] });
    });
    return [count, nodes.length] as const;
  };
  const [one, many] = [await statements(1), await statements(100)];
  // One of them translates the instant to a number.
  expect(one).toEqual([3, 1]);
  expect(many[0]).toBe(3);
  expect(many[1]).toBeGreaterThan(20);
});
