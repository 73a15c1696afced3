import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { asksForProof } from '../../client/gatehouse.js';
import { seconds } from '../../src/clock.js';
import { makeToken } from '../support/api-tokens.js';
import { closeApps, operation, programOf, signInTo } from '../support/apps.js';
import { Client, type Json } from '../support/client.js';
import { allPublished } from '../support/events.js';
import { eventually } from '../support/eventually.js';
import { administrator, Harness, password } from '../support/harness.js';
import { give, makeRole, outcomeOf, permitTo } from '../support/roles.js';
import { codeOf, type Equipped, equip, errorOf, nextCode, signIn, wrongCodeFor } from '../support/second-factor.js';
import { overSocket } from '../support/transports.js';

const asked = 'REAUTHENTICATION_REQUIRED';
const wrong = 'a wrong passphrase';
const tenMinutes = seconds(600);
let harness: Harness;
let admin: Client;
let count = 0;
const name = () => `person${count}`;

beforeAll(async () => {
  harness = await Harness.start({ REAUTHENTICATION_AFTER: '10m', DATABASE_POOL_SIZE: '10' });
});
afterAll(() => harness.close());
beforeEach(async () => {
  count += 1;
  admin = await harness.admin();
});

const sql = () => harness.app.services.database.sql;
const wait = (milliseconds = tenMinutes) => harness.clock.advance(milliseconds);
const prove = (client: Client, input: object = { password }): Promise<Json> =>
  client.mutate('reauthenticate', { ...input }, 'session { id authenticatedAt }');
const authenticatedAt = async (client: Client): Promise<string> =>
  String((await client.ask('{ viewerSession { authenticatedAt } }')).data['viewerSession']?.['authenticatedAt']);
async function eventsOf(type: string, userId: string | undefined): Promise<Json[]> {
  await allPublished(harness);
  const text = `select details, session_id as "sessionId", actor_id as "actorId" from security_events
    where type = $1 and (subject_id = $2 or actor_id = $2) order by sequence`;
  return sql().rows<Json>(text, [type, userId ?? null]);
}
/** Whether the session would have to prove who it is in. */
const isAsked = async (client: Client): Promise<boolean> =>
  (await outcomeOf(client, 'deleteRole', { roleId: await makeRole(client, { name: roleName(), level: 1 }) })) === asked;
let roles = 0;
const roleName = () => {
  roles += 1;
  return `role ${roles}`;
};

interface Scene {
  readonly userId: string;
  readonly email: string;
  /** Held by somebody else. */
  readonly held: string;
  readonly permission: string;
  /** Held by the caller alone. */
  readonly own: string;
  /** Held by nobody; it may grant roles. */
  readonly powerful: string;
}

async function sceneOf(): Promise<Scene> {
  const made = newcomer();
  const userId = String((await admin.mutate('createUser', made, 'user { id }'))['user']?.['id']);
  const held = await makeRole(admin, { name: roleName(), level: 10 });
  const permission = await permitTo(admin, held, 'invoice:read');
  await admin.mutate('grantRole', { userId, roleId: held }, 'grant { id }');
  const own = await makeRole(admin, { name: roleName(), level: 10 });
  await give(admin, admin, own);
  const powerful = await makeRole(admin, { name: roleName(), level: 10, permits: ['role:*'] });
  return { userId, email: made.email, held, permission, own, powerful };
}

type Action = [what: string, mutation: string, inputOf: (scene: Scene) => object];

const asking: Action[] = [
  ['makes an administrator', 'setAdministrator', ({ userId }) => ({ userId, isAdmin: true })],
  ['creates an administrator', 'createUser', () => ({ ...newcomer(), isAdmin: true })],
  ['creates somebody with a powerful role', 'createUser', ({ powerful }) => ({ ...newcomer(), roleIds: [powerful] })],
  ['sets an address', 'updateUser', ({ userId }) => ({ userId, email: newcomer().email })],
  ['grants a powerful role', 'grantRole', ({ userId, powerful }) => ({ userId, roleId: powerful })],
  ['renames a role of others', 'updateRole', ({ held }) => ({ roleId: held, name: roleName() })],
  ['widens a role of others', 'addPermission', ({ held }) => ({ roleId: held, resource: 'ledger', action: 'read' })],
  ['narrows a role of others', 'removePermission', ({ permission }) => ({ permissionId: permission })],
  [
    'changes a role of others at once',
    'changeRole',
    ({ held }) => ({ roleId: held, addPermissions: [{ resource: 'ledger', action: 'write' }] }),
  ],
  ['grants a powerful role at once', 'changeRole', ({ userId, powerful }) => ({ roleId: powerful, grantTo: [userId] })],
  [
    'makes a role powerful and grants it',
    'changeRole',
    ({ userId, own }) => ({
      roleId: own,
      addPermissions: [{ resource: 'user', action: 'delete' }],
      grantTo: [userId],
    }),
  ],
  ['exports security events', 'beginSecurityEventExport', () => ({ format: 'CSV' })],
  ['deletes a role', 'deleteRole', ({ own }) => ({ roleId: own })],
  ['deletes somebody', 'deleteUser', ({ userId }) => ({ userId })],
  ['makes a powerful token', 'createApiToken', () => ({ name: 'a', scopes: ['role:*'] })],
];

const harmless: Action[] = [
  ['takes an administrator', 'setAdministrator', ({ userId }) => ({ userId, isAdmin: false })],
  ['creates somebody', 'createUser', () => newcomer()],
  ['sets a name', 'updateUser', ({ userId }) => ({ userId, firstName: 'Ada' })],
  ['saves an address as it is', 'updateUser', ({ userId, email }) => ({ userId, email })],
  ['edits a role of its own', 'addPermission', ({ own }) => ({ roleId: own, resource: 'ledger', action: 'read' })],
  ['saves a role as it is', 'updateRole', ({ held }) => ({ roleId: held, level: 10 })],
  ['grants a harmless role', 'grantRole', ({ userId, own }) => ({ userId, roleId: own })],
  ['revokes a role', 'revokeRole', ({ userId, own }) => ({ userId, roleId: own })],
  ['makes a harmless token', 'createApiToken', () => ({ name: 'a', scopes: ['user:read'] })],
  ['deactivates', 'deactivateUser', ({ userId }) => ({ userId })],
];
let newcomers = 0;
const newcomer = () => {
  newcomers += 1;
  return { username: `newcomer${newcomers}`, email: `newcomer${newcomers}@example.com`, password };
};

describe('what asks', () => {
  test('what does most harm asks, and is done after the proof; what else does not ask', async () => {
    const scene = await sceneOf();
    const outcomesOf = async (actions: readonly Action[]) => {
      const outcomes: [string, string][] = [];
      for (const [what, mutation, inputOf] of actions)
        outcomes.push([what, await outcomeOf(admin, mutation, { ...inputOf(scene) })]);
      return outcomes;
    };
    const all = (actions: readonly Action[], outcome: string) => actions.map(([what]) => [what, outcome]);
    wait();
    expect(await outcomesOf(asking)).toEqual(all(asking, asked));
    expect(await outcomesOf(harmless)).toEqual(all(harmless, 'ok'));
    expect(errorOf(await prove(admin))).toBeUndefined();
    expect(await outcomesOf(asking)).toEqual(all(asking, 'ok'));
  });

  test('to rotate and to revoke a signing key', async () => {
    const rotate = async () => {
      const { data } = await admin.ask('mutation { rotateSigningKey { signingKey { kid } errors { code } } }');
      return errorOf(data['rotateSigningKey'] as Json) ?? 'ok';
    };
    const keys = async () => (await admin.ask('{ signingKeys { kid } }')).data['signingKeys'] as unknown as Json[];
    const [former] = await keys();
    wait();
    expect([await rotate(), (await keys()).length]).toEqual([asked, 1]);
    await prove(admin);
    expect(await rotate()).toBe('ok');
    // Its token is signed by the new key.
    admin = await harness.admin();
    wait();
    const revoking = { kid: former?.['kid'] };
    expect([await outcomeOf(admin, 'revokeSigningKey', revoking), (await keys()).length]).toEqual([asked, 2]);
    await prove(admin);
    expect([await outcomeOf(admin, 'revokeSigningKey', revoking), (await keys()).length]).toEqual(['ok', 1]);
  });

  test('a caller without the right is told so, and asked for nothing', async () => {
    const { userId, held } = await sceneOf();
    const support = await harness.person(`${name()}b`);
    wait();
    for (const mutation of ['deleteUser', 'setAdministrator'] as const)
      expect(
        await outcomeOf(support, mutation, { userId, ...(mutation === 'setAdministrator' && { isAdmin: true }) }),
      ).toBe('FORBIDDEN');
    expect(await outcomeOf(support, 'updateRole', { roleId: held, name: 'b' })).toBe('FORBIDDEN');
  });

  test('to the millisecond', async () => {
    const roleId = await makeRole(admin, { name: roleName(), level: 1 });
    harness.clock.stop();
    await prove(admin);
    wait(tenMinutes - 1);
    const other = await makeRole(admin, { name: roleName(), level: 1 });
    expect(await outcomeOf(admin, 'deleteRole', { roleId })).toBe('ok');
    wait(1);
    expect(await outcomeOf(admin, 'deleteRole', { roleId: other })).toBe(asked);
  });

  test('off: nothing asks', async () => {
    const app = await harness.another({ REAUTHENTICATION_AFTER: 'off' });
    const there = Object.assign(new Client(app.url), { token: admin.token });
    const roleId = await makeRole(admin, { name: roleName(), level: 1 });
    wait();
    expect(await outcomeOf(admin, 'deleteRole', { roleId })).toBe(asked);
    expect(await outcomeOf(there, 'deleteRole', { roleId })).toBe('ok');
  });

  test('over a websocket as well, and the proof may be given in the same document', async () => {
    const roleId = await makeRole(admin, { name: roleName(), level: 1 });
    wait();
    const deletion = `deleteRole(input: { roleId: "${roleId}" }) { errors { code } }`;
    const ask = (query: string) => overSocket(harness.app.url, { query, token: admin.token });
    expect((await ask(`mutation { ${deletion} }`)).data).toEqual({ deleteRole: { errors: [{ code: asked }] } });
    const proof = `reauthenticate(input: { password: "${password}" }) { errors { code } }`;
    expect((await ask(`mutation { ${proof} ${deletion} }`)).data).toEqual({
      reauthenticate: { errors: [] },
      deleteRole: { errors: [] },
    });
  });

  test('a refusal is on record, with the field; of many it is the sum', async () => {
    const scene = await sceneOf();
    wait();
    for (let n = 0; n < 7; n += 1) await outcomeOf(admin, 'deleteUser', { userId: scene.userId });
    const own = async () =>
      (await eventsOf(asked, admin.userId)).filter(({ sessionId }) => String(sessionId) === admin.sessionId);
    const singles = await eventually(async () => {
      const events = await own();
      return events.length >= 5 && events;
    });
    expect(singles.map(({ details }) => details)).toEqual(Array(5).fill({ field: 'Mutation.deleteUser' }));
    wait(seconds(61));
    const sums = `select details from security_events where type = $1 and details->>'count' = '2' and actor_id = $2`;
    await eventually(() => sql().row(sums, [asked, admin.userId ?? null]));
  });
});

describe('the proof', () => {
  test('is that of one session alone, and a refresh does not renew it', async () => {
    const other = await harness.admin();
    const before = await authenticatedAt(other);
    wait();
    const payload = await prove(admin);
    expect(payload['session']?.['id']).toBe(admin.sessionId);
    expect(payload['session']?.['authenticatedAt']).toBe(await authenticatedAt(admin));
    expect(Date.parse(String(payload['session']?.['authenticatedAt']))).toBeGreaterThan(Date.parse(before));
    expect([await isAsked(admin), await isAsked(other)]).toEqual([false, true]);
    const refreshed = await other.mutate(
      'refreshSession',
      { refreshToken: other.refreshToken },
      'authentication { accessToken refreshToken session { id authenticatedAt } }',
    );
    other.keep(refreshed['authentication'] as Json);
    expect(refreshed['authentication']?.['session']?.['authenticatedAt']).toBe(before);
    expect(await isAsked(other)).toBe(true);
  });

  test('is recorded in its session, with its method and nothing of what was typed', async () => {
    wait();
    await prove(admin);
    const [event] = (await eventsOf('REAUTHENTICATED', admin.userId)).slice(-1);
    expect(event).toEqual({ details: { method: 'PASSWORD' }, sessionId: admin.sessionId, actorId: admin.userId });
  });

  test('is shown to who may read the session, and to nobody else', async () => {
    const somebody = await harness.person(name());
    const query = `{ user(id: "${admin.userId}") { sessions(first: 1) { authenticatedAt } } }`;
    expect((await admin.ask(query)).codes).toEqual([]);
    expect((await somebody.ask(query)).codes).toEqual(['FORBIDDEN']);
  });

  test.each([
    ['nothing', {}, 'INVALID_INPUT input password'],
    ['two proofs', { password, code: '123456' }, 'INVALID_INPUT input code'],
    ['a code without a second factor', { code: '123456' }, 'INVALID_INPUT'],
    ['a wrong password', { password: wrong }, 'INVALID_CREDENTIALS input password'],
    ['an empty password', { password: '' }, 'INVALID_CREDENTIALS input password'],
    ['an enormous password', { password: 'x'.repeat(90_000) }, 'INVALID_CREDENTIALS input password'],
  ])('%s proves nothing', async (_what, input, error) => {
    const client = await harness.person(name());
    wait();
    const before = await authenticatedAt(client);
    expect(errorOf(await prove(client, input))).toBe(error);
    expect(await authenticatedAt(client)).toBe(before);
  });

  test('takes a session: neither an API token nor anybody', async () => {
    const { token } = await makeToken(admin, ['user:read']);
    const query = `mutation { reauthenticate(input: { password: "${password}" }) { errors { code } } }`;
    const codesFor = async (bearer: string | undefined) =>
      (await Object.assign(harness.client(), { token: bearer }).ask(query)).codes;
    expect([await codesFor(token), await codesFor(undefined), await codesFor('nonsense')]).toEqual([
      ['FORBIDDEN'],
      ['UNAUTHENTICATED'],
      ['UNAUTHENTICATED'],
    ]);
  });

  test('a deactivated account proves nothing', async () => {
    const client = await harness.person(name());
    await admin.mutate('deactivateUser', { userId: client.userId }, 'user { id }');
    const query = `mutation { reauthenticate(input: { password: "${password}" }) { errors { code } } }`;
    expect((await client.ask(query)).codes).toEqual(['UNAUTHENTICATED']);
  });

  test('wrong passwords lock, counted with those of sign-in; aliases count each', async () => {
    const client = await harness.person(name());
    const proof = (alias: string, typed: string) =>
      `${alias}: reauthenticate(input: { password: "${typed}" }) { errors { code } }`;
    const tries = ['a', 'b', 'c', 'd'].map((alias) => proof(alias, wrong)).join(' ');
    await client.ask(`mutation { ${tries} }`);
    await harness.client().login(name(), wrong);
    expect(errorOf(await prove(client))).toBe('INVALID_CREDENTIALS input password');
    expect(errorOf(await harness.client().login(name(), password))).toBe('INVALID_CREDENTIALS');
    expect(await eventsOf('LOGIN_FAILED', client.userId)).toHaveLength(7);
    expect(await eventsOf('ACCOUNT_LOCKED', client.userId)).toHaveLength(1);
    expect(await eventsOf('REAUTHENTICATED', client.userId)).toHaveLength(0);
  });

  test('an API token with dangerous scopes works without a proof once it is made', async () => {
    const { userId } = await sceneOf();
    const { token } = await makeToken(admin, ['user:delete']);
    wait(seconds(3600));
    const program = Object.assign(harness.client(), { token });
    expect(await outcomeOf(program, 'deleteUser', { userId })).toBe('ok');
  });

  test('a password that is changed meanwhile proves nothing', async () => {
    const client = await harness.person(name());
    const { database } = harness.app.services;
    const proving = await database.transaction(async (tx) => {
      await tx.rows('select 1 from users where id = $1 for update', [String(client.userId)]);
      const answer = client.ask(`mutation { reauthenticate(input: { password: "${password}" }) { errors { code } } }`);
      await eventually(async () => {
        await tx.rows('select pg_stat_clear_snapshot()');
        const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        return tx.row(waiting);
      });
      await tx.rows(`update users set password_hash = password_hash || '' || 'x' where id = $1`, [
        String(client.userId),
      ]);
      return { answer };
    });
    expect((await proving.answer).codes).toEqual(['UNAUTHENTICATED']);
    expect(await eventsOf('REAUTHENTICATED', client.userId)).toHaveLength(0);
  });
});

describe('with a second factor', () => {
  let ada: Equipped;
  beforeEach(async () => {
    ada = await equip(harness, name());
    wait();
  });

  test('the password or a code will do, and a code works once', async () => {
    const code = nextCode(harness, ada.secret);
    expect(errorOf(await prove(ada.client, { code }))).toBeUndefined();
    expect(errorOf(await prove(ada.client, { code }))).toBe('INVALID_CODE input code');
    expect(errorOf(await prove(ada.client))).toBeUndefined();
    const events = await eventsOf('REAUTHENTICATED', ada.client.userId);
    expect(events.map(({ details }) => details['method'])).toEqual(['TOTP', 'PASSWORD']);
    expect(await eventsOf('TWO_FACTOR_FAILED', ada.client.userId)).toHaveLength(1);
  });

  test('of twenty uses of one recovery code at once one succeeds, and its owner is told', async () => {
    const code = String(ada.recoveryCodes[0]);
    const other = await harness.another();
    const clients = Array.from({ length: 20 }, (_, n) => {
      const client = n % 2 ? new Client(other.url) : harness.client();
      client.token = ada.client.token;
      return client;
    });
    const input = { code, method: 'RECOVERY_CODE' };
    const query = 'mutation ($input: ReauthenticateInput!) { reauthenticate(input: $input) { errors { code } } }';
    const answers = await Promise.all(clients.map((client) => client.ask(query, { input })));
    const proved = answers.filter(({ data }) => JSON.stringify(data?.['reauthenticate']?.['errors']) === '[]');
    expect(proved).toHaveLength(1);
    expect(await eventsOf('REAUTHENTICATED', ada.client.userId)).toHaveLength(1);
    expect(await eventsOf('RECOVERY_CODE_USED', ada.client.userId)).toHaveLength(1);
    const told = () =>
      harness.mailbox.mails.filter(({ to, text }) => to === `${name()}@example.com` && /recovery codes of/.test(text));
    await eventually(() => told().length > 0);
    expect(told()).toHaveLength(1);
  });

  test('wrong codes lock the second factor, with those of sign-in', async () => {
    const code = wrongCodeFor(harness, ada.secret);
    for (let n = 0; n < 5; n += 1) expect(errorOf(await prove(ada.client, { code }))).toBe('INVALID_CODE input code');
    const right = codeOf(harness, ada.secret);
    expect(errorOf(await prove(ada.client, { code: right }))).toBe('INVALID_CODE input code');
    expect(errorOf(await signIn(harness.client(), ada, right))).toBe('INVALID_CODE input code');
    expect(errorOf(await prove(ada.client))).toBeUndefined();
  });
});

test('the first administrator signs in and may do everything at once', async () => {
  const client = harness.client();
  await client.login(administrator.username, password);
  expect(await isAsked(client)).toBe(false);
});

describe('gatehouse/client', () => {
  afterEach(closeApps);

  const deleteRole = operation<{ deleteRole: { errors: { code: string }[] } }, { roleId: string }>(
    'mutation DeleteRole($roleId: ID!) { deleteRole(input: { roleId: $roleId }) { errors { code } } }',
  );

  test('says that a proof is asked for, gives it, and sends the mutation again', async () => {
    const roleId = await makeRole(admin, { name: roleName(), level: 1 });
    const { gatehouse, sent } = programOf(harness);
    await signInTo(gatehouse, administrator.username);
    wait();
    const refused = await gatehouse.request(deleteRole, { roleId });
    expect([asksForProof(refused), refused.deleteRole.errors]).toEqual([true, [{ code: asked }]]);
    expect(await gatehouse.reauthenticate({ password: wrong })).toMatchObject({
      status: 'refused',
      errors: [{ code: 'INVALID_CREDENTIALS', field: ['input', 'password'] }],
    });
    const authenticatedAt = expect.stringMatching(/^\d{4}-.*Z$/);
    expect(await gatehouse.reauthenticate({ password })).toEqual({ status: 'proved', authenticatedAt });
    const done = await gatehouse.request(deleteRole, { roleId });
    expect([asksForProof(done), done.deleteRole.errors]).toEqual([false, []]);
    expect(sent).toEqual(['SignIn', 'DeleteRole', 'Reauthenticate', 'Reauthenticate', 'DeleteRole']);
  });

  test('takes a code as well; nobody who is not signed in proves anything', async () => {
    const eve = await equip(harness, name());
    const { gatehouse } = programOf(harness);
    await expect(gatehouse.reauthenticate({ password })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    const result = await signInTo(gatehouse, eve.name);
    if (result.status !== 'secondFactor') throw new Error(result.status);
    await gatehouse.completeSignIn(result.challenge, nextCode(harness, eve.secret));
    const code = nextCode(harness, eve.secret);
    expect(await gatehouse.reauthenticate({ code, method: 'TOTP' })).toMatchObject({ status: 'proved' });
  });

  test.each([[{}], [{ a: null }], [{ a: 1 }], [{ a: { errors: null } }], [{ a: { errors: [null, { code: 'X' }] } }]])(
    'asks for nothing after the answer %j',
    (answer) => {
      expect(asksForProof(answer)).toBe(false);
    },
  );
});
