import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { days } from '../../src/clock.js';
import { makeToken } from '../support/api-tokens.js';
import type { Client, Json } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { administrator, Harness } from '../support/harness.js';

let harness: Harness;
let admin: Client;
let ada: Client;
beforeAll(async () => {
  harness = await Harness.start();
  [admin, ada] = [await harness.admin(), await harness.person('ada')];
});
afterAll(() => harness.close());

const sql = () => harness.app.services.database.sql;
const create = (owner: Client, input: object): Promise<Json> =>
  owner.mutate(
    'createApiToken',
    { name: 'a token', scopes: [], ...input },
    'token apiToken { id name scopes createdAt expiresAt lastUsedAt isActive }',
  );
const codesOf = (payload: Json) =>
  (payload['errors'] as readonly Json[]).map((error) => [error['code'], error['field']?.[1]]);
const inDays = (count: number) => new Date(harness.clock.now().getTime() + days(count)).toISOString();
const tokensOf = async (owner: Client) =>
  (
    await sql().row<{ count: number }>('select count(*)::int as count from api_tokens where user_id = $1', [
      String(owner.userId),
    ])
  )?.count;

/** Generates this many different scopes. */
const many = (count: number) => Array.from({ length: count }, (_, n) => `thing-${n}:read`);

const longest = `${'u'.repeat(64)}:${'r'.repeat(64)}`;

const refused: [what: string, field: string, input: () => object][] = [
  ['no name', 'name', () => ({ name: '' })],
  ['a blank name', 'name', () => ({ name: ' \u00a0 ' })],
  ['a name of 101 characters', 'name', () => ({ name: 'x'.repeat(101) })],
  ['a name of two lines', 'name', () => ({ name: 'one\ntwo' })],
  ['a name with a return', 'name', () => ({ name: 'one\rBcc: two' })],
  ['a name with a line separator', 'name', () => ({ name: 'one\u2028two' })],
  ['a name with an escape', 'name', () => ({ name: 'one\u001b[31m' })],
  ['51 scopes', 'scopes', () => ({ scopes: many(51) })],
  ['a scope without an action', 'scopes', () => ({ scopes: ['user'] })],
  ['an empty action', 'scopes', () => ({ scopes: ['user:'] })],
  ['an empty resource', 'scopes', () => ({ scopes: [':read'] })],
  ['an empty scope', 'scopes', () => ({ scopes: [''] })],
  ['a scope of everything', 'scopes', () => ({ scopes: ['*'] })],
  ['any resource', 'scopes', () => ({ scopes: ['*:*'] })],
  ['any resource, one action', 'scopes', () => ({ scopes: ['*:read'] })],
  ['three parts', 'scopes', () => ({ scopes: ['user:read:all'] })],
  ['part of an action', 'scopes', () => ({ scopes: ['user:re*'] })],
  ['a resource that begins with a dot', 'scopes', () => ({ scopes: ['.user:read'] })],
  ['an action that begins with a hyphen', 'scopes', () => ({ scopes: ['user:-read'] })],
  ['other letters', 'scopes', () => ({ scopes: ['usér:read'] })],
  ['a letter that lower-cases into ASCII', 'scopes', () => ({ scopes: ['user:read\u0307'] })],
  ['two scopes in one', 'scopes', () => ({ scopes: ['user:read user:update'] })],
  ['a scope on two lines', 'scopes', () => ({ scopes: ['user:read\nuser:update'] })],
  ['a resource of 65 characters', 'scopes', () => ({ scopes: [`${'u'.repeat(65)}:read`] })],
  ['an action of 65 characters', 'scopes', () => ({ scopes: [`user:${'r'.repeat(65)}`] })],
  ['a scope twice', 'scopes', () => ({ scopes: ['user:read', 'user:read'] })],
  ['a scope twice in another spelling', 'scopes', () => ({ scopes: ['user:read', ' User:READ '] })],
  ['an end in the past', 'expiresAt', () => ({ expiresAt: inDays(-1) })],
  ['an end now', 'expiresAt', () => ({ expiresAt: inDays(0) })],
  ['an end in eleven years', 'expiresAt', () => ({ expiresAt: inDays(365 * 11) })],
];

describe('what is asked for is looked at', () => {
  test.each(refused)('%s is refused', async (_what, field, input) => {
    const payload = await create(admin, input());
    expect([payload['token'], payload['apiToken'], codesOf(payload)]).toEqual([null, null, [['INVALID_INPUT', field]]]);
  });

  const accepted: [what: string, input: () => object, shown: object][] = [
    ['no scopes', () => ({ scopes: [] }), { scopes: [] }],
    ['a name of 100 emoji', () => ({ name: '🔑'.repeat(100) }), { name: '🔑'.repeat(100) }],
    ['a name between blanks', () => ({ name: '  deploy ' }), { name: 'deploy' }],
    ['50 scopes', () => ({ scopes: many(50) }), { scopes: many(50) }],
    ['another spelling', () => ({ scopes: [' User:READ'] }), { scopes: ['user:read'] }],
    ['all and one of a resource', () => ({ scopes: ['user:*', 'user:read'] }), { scopes: ['user:*', 'user:read'] }],
    ['the longest words', () => ({ scopes: [longest] }), { scopes: [longest] }],
    ['dots and underscores', () => ({ scopes: ['shop.order_line:read'] }), { scopes: ['shop.order_line:read'] }],
    ['an end in ten years', () => ({ expiresAt: inDays(3650) }), { isActive: true }],
    ['an end null', () => ({ expiresAt: null }), { expiresAt: null, lastUsedAt: null, isActive: true }],
  ];
  test.each(accepted)('%s is accepted', async (_what, input, shown) => {
    const payload = await create(admin, input());
    expect(payload['errors']).toEqual([]);
    expect(payload['apiToken']).toMatchObject(shown);
    expect(payload['token']).toMatch(/^gth_[0-9A-Za-z]{49}$/);
  });

  test('a refusal leaves no row, no event and no mail', async () => {
    const before = await tokensOf(ada);
    await create(ada, { scopes: ['user:read'] });
    expect(await tokensOf(ada)).toBe(before);
  });
});

test('the token is in the answer and nowhere else: no table, no log, no event, no mail', async () => {
  const { id, token } = await makeToken(admin, ['user:read'], { name: 'seen once' });
  await harness.client({ 'x-api-key': token }).ask('{ viewer { id } }');
  await harness.app.services.lastUses.flush();
  const mail = await eventually(() => harness.mailbox.mails.find(({ text }) => text.includes('seen once')));
  expect([mail.to, mail.text.includes('user:read')]).toEqual([administrator.email, true]);
  const secret = token.slice(4, 47);
  const tables = await sql().rows<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public'",
  );
  expect(tables.length).toBeGreaterThan(10);
  for (const { name } of tables) {
    const rows = await sql().rows<{ text: string }>(`select t::text as text from "${name}" t`);
    const stored = rows.map(({ text }) => text).join('\n');
    expect([name, stored.includes(secret)]).toEqual([name, false]);
    expect([name, stored.includes(Buffer.from(token).toString('hex'))]).toEqual([name, false]);
  }
  expect(harness.logged.join('')).not.toContain(secret);
  expect(JSON.stringify(harness.mailbox.mails)).not.toContain(secret);
  const [event] = await sql().rows<{ details: object }>(
    "select details from every_event where type = 'API_TOKEN_CREATED' and details->>'tokenId' = $1",
    [id],
  );
  expect(event?.details).toEqual({ name: 'seen once', scopes: ['user:read'], tokenId: id, expiresAt: null });
});

describe('at the limit of fifty living tokens', () => {
  const fill = async (owner: Client, count: number, expiresAt: Date | null, revokedAt: Date | null = null) => {
    await sql().rows(
      `insert into api_tokens (id, user_id, name, token_hash, scopes, created_at, expires_at, revoked_at)
       select gen_random_uuid(), $1, 'filler', sha256(gen_random_uuid()::text::bytea), '{}', now(), $3, $4 from generate_series(1, $2::int)`,
      [String(owner.userId), count, expiresAt, revokedAt],
    );
  };

  test('twenty parallel creations fill the last three places and no more', async () => {
    const owner = await harness.person('busy');
    await fill(owner, 47, null);
    const made = await Promise.all(Array.from({ length: 20 }, () => create(owner, {})));
    expect(made.filter((payload) => payload['token']).length).toBe(3);
    expect(made.filter((payload) => codesOf(payload)[0]?.[0] === 'INVALID_INPUT').length).toBe(17);
    expect(await tokensOf(owner)).toBe(50);
  });

  test('what is revoked or expired makes room', async () => {
    const owner = await harness.person('tidy');
    await fill(owner, 30, new Date(0));
    await fill(owner, 30, null, new Date());
    await fill(owner, 49, null);
    const { id } = await makeToken(owner, []);
    expect((await create(owner, {}))['token']).toBeNull();
    await owner.mutate('revokeApiToken', { apiTokenId: id }, 'apiToken { isActive }');
    expect((await create(owner, {}))['token']).not.toBeNull();
    const listed = (await owner.ask('{ viewer { apiTokens { isActive } } }')).data['viewer']?.['apiTokens'];
    expect((listed as readonly Json[]).map((token) => token['isActive'])).toEqual([
      ...Array(50).fill(true),
      ...Array(50).fill(false),
    ]);
  });
});

describe('a token carries what its owner may do now, and nothing else', () => {
  const own = ['profile:read', 'profile:update', 'profile:*', 'session:read', 'session:*'];
  const others = [
    'user:read',
    'user:*',
    'role:grant',
    'user:delete',
    'post:moderate',
    'security-event:read',
    'constructor:*',
  ];
  test.each(own)("everyone's token may carry %s", async (scope) => {
    expect((await create(ada, { scopes: [scope] }))['errors']).toEqual([]);
  });
  test.each(others)(
    "a user's token may not carry %s, nor may it beside others; an administrator's may",
    async (scope) => {
      for (const scopes of [[scope], ['profile:read', scope]])
        expect(codesOf(await create(ada, { scopes }))).toEqual([['SCOPE_NOT_HELD', 'scopes']]);
      expect((await create(admin, { scopes: [scope] }))['errors']).toEqual([]);
    },
  );

  /** A permission of a role, with scopes that it is enough for and scopes that it is not enough for. */
  const byRole: [permission: [string, string], held: string[], missing: string[]][] = [
    [['invoice', 'read'], ['invoice:read'], ['invoice:update', 'invoice:*', 'invoices:read', 'user:read']],
    [
      ['invoice', '*'],
      ['invoice:read', 'invoice:void', 'invoice:*'],
      ['user:read', 'invoices:read'],
    ],
    [
      ['*', 'read'],
      ['invoice:read', 'user:read'],
      ['invoice:update', 'user:*'],
    ],
    [['*', '*'], ['invoice:*', 'user:*', 'role:grant'], []],
  ];
  test.each(byRole)('a role that permits %j', async ([resource, action], held, missing) => {
    const name = `r ${resource} ${action}`.replaceAll('*', 'any');
    const role = await admin.mutate('createRole', { name, level: 3 }, 'role { id }');
    const roleId = String(role['role']?.['id']);
    await sql().rows(
      'insert into permissions (id, role_id, name, resource, action, created_at) values (gen_random_uuid(), $1, $2, $3, $4, now())',
      [roleId, `${resource}:${action}`, resource, action],
    );
    const owner = await harness.person(name.replaceAll(' ', '-'));
    const codes = async (scope: string) => codesOf(await create(owner, { scopes: [scope] }));
    for (const scope of held) expect(await codes(scope)).toEqual([['SCOPE_NOT_HELD', 'scopes']]);
    await admin.mutate('grantRole', { userId: owner.userId, roleId, expiresAt: inDays(1) }, 'grant { id }');
    for (const scope of held) expect([scope, await codes(scope)]).toEqual([scope, []]);
    for (const scope of missing) expect([scope, await codes(scope)]).toEqual([scope, [['SCOPE_NOT_HELD', 'scopes']]]);
    await admin.mutate('revokeRole', { userId: owner.userId, roleId }, 'grant { id }');
    for (const scope of held) expect(await codes(scope)).toEqual([['SCOPE_NOT_HELD', 'scopes']]);
    await sql().rows('update role_grants set revoked_at = null, expires_at = $2 where user_id = $1 and role_id = $3', [
      String(owner.userId),
      harness.clock.now(),
      roleId,
    ]);
    for (const scope of held) expect(await codes(scope)).toEqual([['SCOPE_NOT_HELD', 'scopes']]);
  });
});

test('a session that ended a moment ago, which this process has not heard of, leaves no token behind', async () => {
  const thief = await harness.person('robbed');
  await thief.ask('{ viewer { id } }');
  const { principals } = harness.app.services;
  const caller = await principals.bySession(String(thief.sessionId));
  await sql().rows('update sessions set ended_at = now() where id = $1', [String(thief.sessionId)]);
  const original = principals.bySession;
  principals.bySession = async () => caller;
  const answer = await thief.ask('mutation { createApiToken(input: { name: "x", scopes: [] }) { token } }');
  principals.bySession = original;
  expect([answer.codes, await tokensOf(thief)]).toEqual([['UNAUTHENTICATED'], 0]);
});
