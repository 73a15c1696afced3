import { beforeAll, describe, expect, test } from '@jest/globals';
import { days, seconds } from '../../src/clock.js';
import { makeAccount } from '../support/accounts.js';
import { makeToken } from '../support/api-tokens.js';
import { Client, type Json } from '../support/client.js';
import { allPublished } from '../support/events.js';
import { Harness } from '../support/harness.js';
import { give, makeRole, outcomeOf } from '../support/roles.js';

let harness: Harness;
let admin: Client;
let person: Client;
beforeAll(async () => {
  harness = await Harness.start();
  [admin, person] = [await harness.admin(), await harness.person('ada')];
});

const sql = () => harness.app.services.database.sql;
const holder = async (username: string, level: number, permits: Parameters<typeof makeRole>[1]['permits'] = []) => {
  const client = await harness.person(username);
  await give(admin, client, await makeRole(admin, { name: username, level, permits }));
  return client;
};
const connection = async (client: Client, field: string, terms = '', fields = 'id') => {
  const { data, codes } = await client.ask(
    `{ ${field}${terms && `(${terms})`} { totalCount nodes { ${fields} } pageInfo { hasNextPage endCursor } } }`,
  );
  return codes.length > 0 ? codes.join() : (data[field] as Json);
};
const idsOf = (page: Json | string) =>
  [...((page as Json)['nodes'] as Json)].map((node) => String((node as Json)['id']));
const openOnes = async () =>
  (
    await sql().rows<{ id: string }>(
      'select id from sessions where ended_at is null and expires_at > $1 order by created_at desc, id desc',
      [harness.clock.now()],
    )
  ).map(({ id }) => id);

describe('sessions', () => {
  test('are those of everybody that are open, the newest first, page by page', async () => {
    const made = [];
    for (let n = 0; n < 5; n += 1) {
      harness.clock.advance(seconds(1));
      made.push(await makeAccount(harness));
    }
    const [ended, over] = [String(made[0]?.sessionId), String(made[1]?.sessionId)];
    await admin.mutate('revokeSession', { sessionId: ended }, 'session { id }');
    await sql().rows('update sessions set expires_at = $2 where id = $1', [over, harness.clock.now()]);
    const expected = await openOnes();
    const found: string[] = [];
    for (let after: unknown = null; ; ) {
      const page = (await connection(admin, 'sessions', `first: 2, after: ${JSON.stringify(after)}`)) as Json;
      expect(page['totalCount']).toBe(expected.length);
      found.push(...idsOf(page));
      if (!page['pageInfo']?.['hasNextPage']) break;
      after = page['pageInfo']?.['endCursor'];
    }
    expect(found).toEqual(expected);
    expect(found).not.toEqual(expect.arrayContaining([ended]));
    expect(found).not.toEqual(expect.arrayContaining([over]));
    expect(await connection(admin, 'sessions', 'last: 1')).toMatchObject({ nodes: [{ id: expected.at(-1) }] });
  });

  test('are found by their user and by the address of the sign-in', async () => {
    const of = (filter: string) => connection(admin, 'sessions', `filter: { ${filter} }`, 'id user { username }');
    expect(await of(`userId: "${person.userId?.toUpperCase()}"`)).toMatchObject({
      totalCount: 1,
      nodes: [{ id: person.sessionId, user: { username: 'ada' } }],
    });
    await sql().rows(`update sessions set ip_address = '192.0.2.7' where id = $1`, [String(person.sessionId)]);
    expect(idsOf(await of('ipAddress: "192.0.2.7"'))).toEqual([person.sessionId]);
    for (const none of [
      'ipAddress: "192.0.2"',
      'userId: "nonsense"',
      `userId: "${admin.userId}", ipAddress: "192.0.2.7"`,
    ])
      expect(await of(none)).toMatchObject({ totalCount: 0, nodes: [] });
  });

  test('are as many as the caller may read users', async () => {
    const german = await makeAccount(harness, { language: 'de' });
    const some = await holder('reads.some', 10, [['user:read', { language: 'de' }]]);
    expect(await connection(some, 'sessions', '', 'id user { email }')).toMatchObject({
      totalCount: 1,
      nodes: [{ id: german.sessionId, user: { email: `${german.username}@example.com` } }],
    });
    expect(await connection(some, 'apiTokens')).toMatchObject({ totalCount: 1, nodes: [{ id: german.tokenId }] });
    expect(await connection(person, 'sessions')).toBe('FORBIDDEN');
    expect(await connection(harness.client(), 'sessions')).toBe('UNAUTHENTICATED');
  });

  test.each(['sessions', 'apiTokens', 'jobs'])('%s take no cursor of another list', async (field) => {
    const after = Buffer.from(JSON.stringify(['nonsense', '00000000-0000-4000-8000-000000000000'])).toString(
      'base64url',
    );
    expect(await connection(admin, field, `after: "${after}"`)).toBe('BAD_USER_INPUT');
    expect(await connection(admin, field, 'first: 101')).toBe('BAD_USER_INPUT');
  });
});

describe('API tokens', () => {
  const states = async (state: string) =>
    idsOf(await connection(admin, 'apiTokens', `filter: { userId: "${person.userId}", state: ${state} }`));

  test('are found by their state, and show no secret', async () => {
    const expiresAt = new Date(harness.clock.now().getTime() + days(1)).toISOString();
    const works = await makeToken(person, ['session:read']);
    const ends = await makeToken(person, ['session:read'], { expiresAt });
    const revoked = await makeToken(person, ['session:read'], { expiresAt });
    await person.mutate('revokeApiToken', { apiTokenId: revoked.id }, 'apiToken { id }');
    await sql().rows('update api_tokens set expires_at = $2 where id = $1', [ends.id, harness.clock.now()]);
    expect([await states('ACTIVE'), await states('EXPIRED'), await states('REVOKED')]).toEqual([
      [works.id],
      [ends.id],
      [revoked.id],
    ]);
    const fields = 'id name scopes state isActive createdAt expiresAt lastUsedAt revokedAt user { username }';
    const page = await connection(admin, 'apiTokens', `filter: { userId: "${person.userId}" }`, fields);
    const found = [...((page as Json)['nodes'] ?? [])].map((node) => node as unknown as Record<string, unknown>);
    expect(Object.fromEntries(found.map(({ id, state }) => [id, state]))).toEqual({
      [works.id]: 'ACTIVE',
      [ends.id]: 'EXPIRED',
      [revoked.id]: 'REVOKED',
    });
    for (const { state, isActive, revokedAt } of found)
      expect([isActive, revokedAt !== null]).toEqual([state === 'ACTIVE', state === 'REVOKED']);
    const hash = await sql().row<{ hex: string }>(
      `select encode(token_hash, 'hex') as hex from api_tokens where id = $1`,
      [works.id],
    );
    for (const secret of [works.token, String(hash?.hex)]) expect(JSON.stringify(page)).not.toContain(secret);
  });

  test('are listed in a session alone', async () => {
    const { token } = await makeToken(admin, ['user:read']);
    const program = new Client(harness.app.url);
    program.token = token;
    expect(await connection(program, 'apiTokens')).toBe('FORBIDDEN');
    expect(await connection(program, 'sessions', 'first: 1')).toMatchObject({ nodes: [{}] });
  });

  test('and sessions of a higher level are not ended from below', async () => {
    const below = await holder('updates', 10, ['user:read', 'user:update']);
    const { id: apiTokenId } = await makeToken(admin, ['user:read']);
    expect(await outcomeOf(below, 'revokeApiToken', { apiTokenId })).toBe('ABOVE_OWN_LEVEL apiTokenId');
    expect(await outcomeOf(below, 'revokeSession', { sessionId: admin.sessionId })).toBe('ABOVE_OWN_LEVEL sessionId');
    const theirs = await makeToken(person, ['session:read']);
    expect(await outcomeOf(below, 'revokeApiToken', { apiTokenId: theirs.id })).toBe('ok');
    expect(await states('REVOKED')).toContain(theirs.id);
    const event = await sql().row(
      `select actor_id as actor, subject_id as subject from every_event where type = 'API_TOKEN_REVOKED' and details ->> 'tokenId' = $1`,
      [theirs.id],
    );
    expect(event).toEqual({ actor: below.userId, subject: person.userId });
  });
});

describe('signing keys', () => {
  const keys = async (client = admin) => {
    const { data, codes } = await client.ask('{ signingKeys { kid algorithm state createdAt retiresAt replacedAt } }');
    return codes.length > 0 ? codes.join() : (data['signingKeys'] as unknown as Record<string, unknown>[]);
  };
  const rotate = (client: Client) =>
    client.ask('mutation { rotateSigningKey { signingKey { kid state } errors { code } } }');
  const jwks = async () =>
    (await fetch(`${harness.app.url}/.well-known/jwks.json`)).json() as Promise<{ keys: { kid: string }[] }>;
  const isSignedIn = async (client: Client) => (await client.ask('{ viewer { id } }')).codes.length === 0;
  const lastEvent = async (type: string) => {
    await allPublished(harness);
    return sql().row(
      'select actor_id as actor, details from security_events where type = $1 order by sequence desc limit 1',
      [type],
    );
  };

  test('are replaced by who may, and the former one verifies', async () => {
    const [former] = (await keys()) as Record<string, unknown>[];
    expect(former).toMatchObject({ state: 'SIGNING', algorithm: 'EdDSA', retiresAt: null });
    const reader = await holder('reads.keys', 10, ['signing-key:read']);
    expect(await keys(reader)).toEqual([former]);
    expect([(await rotate(reader)).codes, await keys(person)]).toEqual([['FORBIDDEN'], 'FORBIDDEN']);
    const kid = (await rotate(admin)).data['rotateSigningKey']?.['signingKey']?.['kid'];
    expect(await keys()).toMatchObject([
      { kid, state: 'SIGNING', retiresAt: null, replacedAt: expect.any(String) },
      { kid: former?.['kid'], state: 'VERIFYING', retiresAt: expect.any(String), replacedAt: null },
    ]);
    expect((await jwks()).keys.map((key) => key.kid)).toEqual([kid, former?.['kid']]);
    expect([await isSignedIn(person), JSON.stringify(await keys())]).toEqual([
      true,
      expect.not.stringMatching(/"[dx]":/),
    ]);
    expect(await lastEvent('SIGNING_KEY_ROTATED')).toMatchObject({ actor: admin.userId, details: { kid } });
  });

  test('that are revoked verify no token any more, the own one included', async () => {
    const [signing] = (await keys()) as Record<string, unknown>[];
    const other = harness.client();
    await other.login('ada', 'a long enough passphrase');
    const revoke = (kid: unknown) => admin.mutate('revokeSigningKey', { kid }, 'revokedKid successor { kid state }');
    for (const unknown of ['', '-', 'x'.repeat(10_000)])
      expect(await revoke(unknown)).toEqual({
        revokedKid: null,
        successor: null,
        errors: [{ code: 'NOT_FOUND', field: ['input', 'kid'] }],
      });
    await admin.login('root.admin', 'a long enough passphrase');
    const payload = await revoke(signing?.['kid']);
    const successor = payload['successor']?.['kid'];
    expect(payload).toMatchObject({ revokedKid: signing?.['kid'], successor: { state: 'SIGNING' }, errors: [] });
    expect([await isSignedIn(other), await isSignedIn(admin)]).toEqual([false, false]);
    expect((await jwks()).keys.map(({ kid }) => kid)).not.toContain(signing?.['kid']);
    const refreshed = await other.mutate(
      'refreshSession',
      { refreshToken: other.refreshToken },
      'authentication { accessToken }',
    );
    other.token = String(refreshed['authentication']?.['accessToken']);
    expect(await isSignedIn(other)).toBe(true);
    expect(await lastEvent('SIGNING_KEY_REVOKED')).toMatchObject({
      actor: admin.userId,
      details: { kid: signing?.['kid'], successor },
    });
  });
});
