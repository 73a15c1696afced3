import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeToken } from '../support/api-tokens.js';
import type { Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { presenting } from '../support/presenting.js';
import { statementsOf } from '../support/statements.js';
import { transports } from '../support/transports.js';

const scopes = [
  'profile:read',
  'profile:update',
  'profile:*',
  'session:read',
  'session:*',
  'user:read',
  'user:create',
  'user:update',
  'user:*',
  'role:read',
  'role:create',
  'role:grant',
  'role:*',
  'security-event:read',
  'security-event:*',
  'users:read',
  'api-token:*',
  'password:*',
] as const;
type Scope = (typeof scopes)[number];

interface Ids {
  readonly admin: string;
  readonly adminSession: string;
  readonly adminToken: string;
  readonly ada: string;
  readonly adaSession: string;
  readonly adaToken: string;
  readonly role: string;
}
let number = 0;
const newName = () => {
  number += 1;
  return `made-${number}`;
};
const newUser = (more: string) => {
  const name = newName();
  return `mutation { createUser(input: { username: "${name}", email: "${name}@example.com", password: "${password}" ${more} }) { user { id } } }`;
};
const start = Buffer.from('["0","00000000-0000-4000-8000-000000000000"]').toString('base64url');

/**
 * Operations and the only scopes with which an administrator's token may run them. Others answer FORBIDDEN, or null
 * from `node`.
 */
const matrix: [operation: string, query: (ids: Ids) => string, allowedBy: Scope[]][] = [
  ['public fields of oneself', () => '{ viewer { username fullName } }', [...scopes]],
  ['private fields of oneself', () => '{ viewer { email } }', ['profile:read', 'profile:*', 'user:read', 'user:*']],
  ['own roles', () => '{ viewer { roles { id } } }', ['profile:read', 'profile:*', 'user:read', 'user:*']],
  ['private fields of others', ({ ada }) => `{ user(id: "${ada}") { email } }`, ['user:read', 'user:*']],
  ['the list of users', () => '{ users { totalCount } }', ['user:read', 'user:*']],
  ['roles', () => '{ roles { id } }', ['role:read', 'role:*']],
  ['members of own roles', () => '{ viewer { roles { users { totalCount } } } }', ['user:read', 'user:*']],
  ['security events', () => '{ securityEvents { totalCount } }', ['security-event:read', 'security-event:*']],
  [
    'own session',
    ({ adminSession }) => `{ node(id: "${adminSession}") { id } }`,
    ['session:read', 'session:*', 'user:read', 'user:*'],
  ],
  ["another's session", ({ adaSession }) => `{ node(id: "${adaSession}") { id } }`, ['user:read', 'user:*']],
  ['own token', ({ adminToken }) => `{ node(id: "${adminToken}") { id } }`, []],
  ["another's token", ({ adaToken }) => `{ node(id: "${adaToken}") { id } }`, []],
  ['own tokens', () => '{ viewer { apiTokens { id } } }', []],
  ["another's tokens", ({ ada }) => `{ user(id: "${ada}") { apiTokens { id } } }`, []],
  [
    'making a role',
    () => `mutation { createRole(input: { name: "${newName()}", level: 1 }) { role { id } } }`,
    ['role:create', 'role:*'],
  ],
  [
    'granting a role',
    ({ ada }) => `mutation { grantRole(input: { userId: "${ada}", roleId: "-" }) { errors { code } } }`,
    ['role:grant', 'role:*'],
  ],
  [
    'granting a role to oneself',
    ({ admin }) => `mutation { grantRole(input: { userId: "${admin}", roleId: "-" }) { errors { code } } }`,
    ['role:grant', 'role:*'],
  ],
  ['making a user', () => newUser(''), ['user:create', 'user:*']],
  ['making a user who holds a role', () => newUser(', roleIds: ["-"]'), []],
  ['making an administrator', () => newUser(', isAdmin: true'), []],
  ['making a user who holds a role', ({ role }) => newUser(`, roleIds: ["${role}"]`), []],
  ['making a token', () => 'mutation { createApiToken(input: { name: "x", scopes: [] }) { token } }', []],
  [
    'revoking a token',
    ({ adminToken }) => `mutation { revokeApiToken(input: { apiTokenId: "${adminToken}" }) { apiToken { id } } }`,
    [],
  ],
  ['signing out', () => 'mutation { logout { session { id } } }', []],
  [
    'following own sessions',
    () => `subscription { sessionEvents(after: "${start}") { cursor } }`,
    ['session:read', 'session:*'],
  ],
  [
    'following security events',
    () => `subscription { securityEvents(after: "${start}") { cursor } }`,
    ['security-event:read', 'security-event:*'],
  ],
];

let harness: Harness;
let admin: Client;
let ada: Client;
let ids: Ids;
const tokens = new Map<Scope, string>();
beforeAll(async () => {
  harness = await Harness.start();
  [admin, ada] = [await harness.admin(), await harness.person('ada')];
  for (const scope of scopes) tokens.set(scope, (await makeToken(admin, [scope])).token);
  ids = {
    admin: String(admin.userId),
    adminSession: String(admin.sessionId),
    adminToken: (await makeToken(admin, [])).id,
    ada: String(ada.userId),
    adaSession: String(ada.sessionId),
    adaToken: (await makeToken(ada, [])).id,
    role: String((await admin.mutate('createRole', { name: 'auditor', level: 1 }, 'role { id }'))['role']?.['id']),
  };
});
afterAll(() => harness.close());

test.each(matrix)("an administrator's token may run %s by these scopes alone", async (_what, queryFor, allowedBy) => {
  const allowed: Scope[] = [];
  for (const scope of scopes) {
    const query = queryFor(ids);
    for (const [transport, ask] of transports) {
      if (transport === 'HTTP' && query.startsWith('subscription')) continue;
      if (transport === 'websocket' && query.startsWith('mutation')) continue;
      const { codes, data } = await ask(harness.app.url, { query, token: tokens.get(scope) });
      const isAllowed = codes.length === 0 && Object.values(data)[0] !== null;
      if (!isAllowed)
        expect([scope, ...new Set(codes)]).toEqual(query.includes('node(') ? [scope] : [scope, 'FORBIDDEN']);
      if (isAllowed && !allowed.includes(scope)) allowed.push(scope);
    }
  }
  expect(allowed.sort()).toEqual([...allowedBy].sort());
});

describe("a user's token", () => {
  test('acts on its owner within its scopes, and on nobody else', async () => {
    const { token } = await makeToken(ada, ['profile:*', 'session:*']);
    const client = harness.client({ 'x-api-key': token });
    expect((await client.ask('{ viewer { email roles { name } } }')).codes).toEqual([]);
    expect((await client.ask(`{ user(id: "${ids.admin}") { email } }`)).codes).toEqual(['FORBIDDEN']);
    expect((await client.ask('{ users { totalCount } }')).codes).toEqual(['FORBIDDEN']);
    expect((await client.ask(`{ node(id: "${ids.adminSession}") { id } }`)).data['node']).toBeNull();
  });

  test('carries no more than its row says, even where a row was changed to carry everything', async () => {
    const { id, token } = await makeToken(ada, []);
    await harness.app.services.database.sql.rows('update api_tokens set scopes = $2 where id = $1', [
      id,
      ['*', '*:*', 'user:*', 'user:read', 'profile:re*', ''],
    ]);
    const client = harness.client({ 'x-api-key': token });
    for (const query of ['{ viewer { email } }', '{ users { totalCount } }', '{ roles { id } }'])
      expect((await client.ask(query)).codes).toEqual(['FORBIDDEN']);
  });
});

describe('an owner who is no administrator any more', () => {
  test.each(presenting)('takes the power from the token, in every process, over %s', async (transport, present) => {
    const other = await harness.another();
    const username = `chief-${transport.toLowerCase()}`;
    await admin.mutate(
      'createUser',
      { username, email: `${username}@example.com`, password, isAdmin: true },
      'user { id }',
    );
    const owner = harness.client();
    await owner.login(username, password);
    const { token } = await makeToken(owner, ['user:*', 'profile:read']);
    const ask = (url: string, query: string) => present(url, query, { 'x-api-key': token });
    const urls = [harness.app.url, other.url];
    for (const url of urls) expect((await ask(url, '{ users { totalCount } }')).codes).toEqual([]);
    const { sql } = harness.app.services.database;
    await sql.rows('update users set is_admin = false where id = $1', [String(owner.userId)]);
    for (const url of urls) {
      await eventually(async () => (await ask(url, '{ users { totalCount } }')).codes[0] === 'FORBIDDEN', 1000);
      expect((await ask(url, '{ viewer { email } }')).codes).toEqual([]);
    }
    const again = await owner.mutate('createApiToken', { name: 'x', scopes: ['user:*'] }, 'token');
    expect(again['errors']?.[0]?.['code']).toBe('SCOPE_NOT_HELD');
    await sql.rows('update users set is_admin = true where id = $1', [String(owner.userId)]);
    for (const url of urls)
      await eventually(async () => (await ask(url, '{ users { totalCount } }')).codes.length === 0);
  });
});

describe('who may see tokens', () => {
  const listed = (user: string) => `{ user(id: "${user}") { apiTokens { id name scopes } } }`;

  test('the owner and administrators in a session; nobody else', async () => {
    const eve = await harness.person('eve');
    const answers: unknown[] = [];
    for (const client of [ada, admin]) {
      expect((await client.ask(listed(ids.ada))).codes).toEqual([]);
      answers.push(
        (await client.ask(`{ node(id: "${ids.adaToken}") { id ... on ApiToken { name isActive } } }`)).data['node'],
      );
    }
    expect(answers).toEqual([
      { id: ids.adaToken, name: 'a token', isActive: true },
      { id: ids.adaToken, name: 'a token', isActive: true },
    ]);
    expect((await eve.ask(listed(ids.ada))).codes).toEqual(['FORBIDDEN']);
    expect((await eve.ask(`{ node(id: "${ids.adaToken}") { id } }`)).data['node']).toBeNull();
    expect((await harness.client().ask(`{ node(id: "${ids.adaToken}") { id } }`)).codes).toEqual(['UNAUTHENTICATED']);
  });

  test('a list of users reads all their tokens in one statement', async () => {
    const statements = (first: number) =>
      statementsOf(harness, async () => {
        const answer = await admin.ask(`{ users(first: ${first}) { nodes { apiTokens { id isActive } } } }`);
        expect(answer.data['users']?.['nodes']).toHaveLength(first);
      });
    expect(await statements(5)).toBe(await statements(2));
  });
});

test('what a token did is told in the security events with its id', async () => {
  const { id, token } = await makeToken(admin, ['role:create']);
  const made = await harness
    .client({ 'x-api-key': token })
    .mutate('createRole', { name: 'By Token', level: 1 }, 'role { id }');
  const { sql } = harness.app.services.database;
  const [event] = await sql.rows<{ details: object; session: string | null }>(
    "select details, session_id as session from every_event where type = 'ROLE_CREATED' and details->>'roleId' = $1",
    [String(made['role']?.['id'])],
  );
  expect(event).toMatchObject({ session: null, details: { apiTokenId: id } });
});

test('roles are given to a new user by a token that may give roles, and by a session', async () => {
  const { token } = await makeToken(admin, ['user:create', 'role:grant']);
  const query = newUser(`, roleIds: ["${ids.role}"]`);
  expect((await harness.client({ 'x-api-key': token }).ask(query)).data['createUser']?.['user']).not.toBeNull();
});
