import { beforeAll, describe, expect, test } from '@jest/globals';
import { SecurityEventType } from '../../src/security-events/event-types.js';
import { makeToken } from '../support/api-tokens.js';
import type { Client, Json } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';

let harness: Harness;
let admin: Client;
let ada: Client;
let eve: Client;
beforeAll(async () => {
  harness = await Harness.start({ LOCKOUT_ATTEMPTS: '100', TRUSTED_PROXIES: '127.0.0.1' });
  [admin, ada, eve] = [await harness.admin(), await harness.person('ada'), await harness.person('eve')];
});

const fields =
  'id type cursor actorId actorName actor { username } subject { username } ipAddress userAgent session { id } details';
const own = `query ($first: Int, $after: String, $last: Int, $before: String) {
  viewer { securityEvents(first: $first, after: $after, last: $last, before: $before) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor } nodes { ${fields} } } } }`;
interface Listed {
  readonly totalCount: number;
  readonly pageInfo: Json;
  readonly edges: readonly Json[];
  readonly nodes: readonly Json[];
}
const listOf = async (reader: Client, page: object = { last: 100 }) =>
  (await reader.ask(own, { ...page })).data['viewer']?.['securityEvents'] as unknown as Listed;

/** The newest event of a type among one's own, once it is published. */
/** Once everything is published. */
async function newest(reader: Client, type: keyof typeof SecurityEventType): Promise<Json> {
  await eventually(async () => !(await harness.app.services.database.sql.row('select from security_event_outbox')));
  return eventually<Json>(async () => (await listOf(reader)).nodes.filter((event) => event['type'] === type).at(-1));
}

const byToken = async (owner: Client, scopes: string[]) => {
  const { id, token } = await makeToken(owner, scopes, { name: `for ${scopes}` });
  return { id, client: harness.client({ 'x-api-key': token }) };
};

describe('one reads what happened on the own account', () => {
  test('in order, by whom, from where, and in which session', async () => {
    await newest(ada, 'LOGIN_SUCCEEDED');
    const { nodes } = await listOf(ada);
    expect(nodes.map((event) => event['type'])).toEqual(['USER_REGISTERED', 'EMAIL_VERIFIED', 'LOGIN_SUCCEEDED']);
    expect(nodes.at(-1)).toMatchObject({
      actorId: ada.userId,
      actorName: 'ada',
      subject: { username: 'ada' },
      ipAddress: '127.0.0.1',
      session: { id: ada.sessionId },
    });
  });

  test('page by page, also from the end, and with cursors of the list of all events', async () => {
    const all = await listOf(ada);
    const [first, second] = [await listOf(ada, { first: 1 }), await listOf(ada, { last: 1 })];
    expect([first.nodes[0], second.nodes[0]]).toEqual([all.nodes[0], all.nodes.at(-1)]);
    expect([first.totalCount, first.pageInfo['hasNextPage']]).toEqual([all.nodes.length, true]);
    const after = first.edges[0]?.['cursor'];
    expect((await listOf(ada, { first: 100, after })).nodes).toEqual(all.nodes.slice(1));
    const { data } = await admin.ask('{ securityEvents(first: 100) { nodes { cursor subject { username } } } }');
    const events = data['securityEvents']?.['nodes'] as readonly Json[];
    const ofOthers = events.find((event) => event['subject']?.['username'] === 'eve');
    const behind = await listOf(ada, { first: 100, after: ofOthers?.['cursor'] });
    expect(behind.nodes.every((event) => event['subject']?.['username'] === 'ada')).toBe(true);
  });

  test('a failed sign-in keeps its address, also when it was made in a session of somebody else', async () => {
    const stranger = harness.client({ 'x-forwarded-for': '203.0.113.7', 'user-agent': 'odd' });
    await stranger.login('ada', 'wrong');
    expect(await newest(ada, 'LOGIN_FAILED')).toMatchObject({
      ipAddress: '203.0.113.7',
      userAgent: 'odd',
      actorId: null,
    });
    const signedIn = harness.client({ 'x-forwarded-for': '203.0.113.8', authorization: `Bearer ${eve.token}` });
    await signedIn.mutate('login', { identifier: 'ada', password: 'wrong' }, 'result { __typename }');
    const event = await eventually<Json>(async () => {
      const last = await newest(ada, 'LOGIN_FAILED');
      return last['ipAddress'] === '203.0.113.8' ? last : undefined;
    });
    expect(event).toMatchObject({ actorId: null, actorName: null, actor: null, session: null });
  });

  test('in pieces: an event is read by its id as in the list', async () => {
    const event = await newest(ada, 'LOGIN_FAILED');
    const query = `query ($id: ID!) { node(id: $id) { ... on SecurityEvent { ${fields} } } }`;
    expect((await ada.ask(query, { id: event['id'] })).data['node']).toEqual(event);
    expect((await eve.ask(query, { id: event['id'] })).data['node']).toBeNull();
    expect((await admin.ask(query, { id: event['id'] })).data['node']).toMatchObject({ actorName: 'eve' });
  });
});

describe('what an administrator does is told, but not by whom and from where', () => {
  const hidden = { actorId: null, actorName: null, actor: null, ipAddress: null, userAgent: null, session: null };

  test('neither in a list nor by an API token of the administrator', async () => {
    const { id: tokenId, client } = await byToken(admin, ['user:update']);
    await client.mutate('updateUser', { userId: ada.userId, firstName: 'Ada' }, 'user { id }');
    const told = { fields: ['firstName'], changes: { firstName: { from: null, to: 'Ada' } } };
    const event = await newest(ada, 'USER_UPDATED');
    expect([event, event['details']]).toEqual([expect.objectContaining(hidden), told]);
    const query = 'query ($id: ID!) { user(id: $id) { securityEvents(last: 100) { nodes { type actorId details } } } }';
    const { data } = await admin.ask(query, { id: ada.userId });
    const whole = data['user']?.['securityEvents']?.['nodes'] as readonly Json[];
    expect(whole.at(-1)).toEqual({
      type: 'USER_UPDATED',
      actorId: admin.userId,
      details: { fields: ['firstName'], changes: { firstName: { from: null, to: 'Ada' } }, apiTokenId: tokenId },
    });
  });

  test('a session that was ended, and the reason for a deactivation', async () => {
    const bob = await harness.person('bob');
    await admin.mutate('revokeUserSessions', { userId: bob.userId }, 'endedCount');
    const given = { userId: bob.userId, reason: 'Suspected of fraud' };
    await admin.mutate('deactivateUser', given, 'user { id }');
    await admin.mutate('reactivateUser', { userId: bob.userId }, 'user { id }');
    await bob.login('bob', password);
    const event = await newest(bob, 'USER_DEACTIVATED');
    expect(event).toMatchObject(hidden);
    expect(event['details']).toEqual({ changes: { isActive: { from: true, to: false } } });
    expect(await newest(bob, 'SESSION_REVOKED')).toMatchObject({ ...hidden, details: { reason: 'REVOKED' } });
  });

  test('in the own view of a reader of all events nothing is missing', async () => {
    const { client } = await byToken(admin, ['session:read']);
    const event = await newest(admin, 'API_TOKEN_CREATED');
    expect(event['details']).toMatchObject({ name: 'for session:read', scopes: ['session:read'] });
    expect((await newest(client, 'API_TOKEN_CREATED'))['details']).toEqual({});
  });
});

test('a session of another account of the same browser is not shown', async () => {
  await ada.ask('mutation { requestPasswordReset(input: { email: "ada@example.com" }) { errors { code } } }');
  const link = /reset-password\?token=([\w-]+)/;
  const sent = await eventually(() => harness.mailbox.mails.find(({ text }) => link.test(text)));
  const token = link.exec(sent.text)?.[1];
  await eve.mutate('resetPassword', { token, newPassword: password }, 'user { id }');
  await ada.login('ada', password);
  expect(await newest(ada, 'PASSWORD_RESET')).toMatchObject({
    actorName: 'ada',
    ipAddress: '127.0.0.1',
    session: null,
  });
});

describe('attacks', () => {
  const roads = [
    'user(id: $id) { securityEvents { totalCount } }',
    'node(id: $id) { ... on User { securityEvents(last: 1) { nodes { type } } } }',
    'node(id: $id) { ... on User { securityEvents { edges { node { ipAddress } } } } }',
  ];
  test.each(roads)('%s of another is FORBIDDEN', async (road) => {
    const answer = await eve.ask(`query ($id: ID!) { ${road} }`, { id: ada.userId });
    expect(answer.codes).toEqual(['FORBIDDEN']);
    expect(JSON.stringify(answer.data)).not.toMatch(/totalCount":|type|ipAddress/);
  });

  test.each<[string[]]>([[[]], [['profile:read']], [['user:read']], [['security-event:read']]])(
    'an API token with %j and without session:read is refused, unless it may read all events',
    async (scopes) => {
      const { client } = await byToken(admin, scopes);
      const { codes } = await client.ask('{ viewer { securityEvents { totalCount } } }');
      expect(codes).toEqual(scopes.includes('security-event:read') ? [] : ['FORBIDDEN']);
    },
  );

  test('an API token with session:read sees no names of roles and no other tokens', async () => {
    const { data } = await admin.ask('{ roles(first: 100) { id name } }');
    const roleId = (data['roles'] as readonly Json[]).find((role) => role['name'] === 'user')?.['id'];
    await harness.app.services.database.sql.rows(
      `insert into security_event_outbox (id, type, occurred_at, subject_id, details)
       values (gen_random_uuid(), 'ROLE_GRANTED', now(), $1, jsonb_build_object('roleId', $2::text, 'role', 'user'))`,
      [String(ada.userId), String(roleId)],
    );
    expect((await newest(ada, 'ROLE_GRANTED'))['details']).toEqual({ roleId, role: 'user' });
    const { client } = await byToken(ada, ['session:read']);
    expect((await newest(client, 'ROLE_GRANTED'))['details']).toEqual({});
    expect((await newest(client, 'API_TOKEN_CREATED'))['details']).toEqual({});
  });

  describe('what a field held is not learned from `changes`', () => {
    const write = async (type: string, changes: object) => {
      const details = JSON.stringify({ changes });
      await harness.app.services.database.sql.rows(
        `insert into security_event_outbox (id, type, occurred_at, subject_id, details)
         values (gen_random_uuid(), $1, now(), $2, $3::jsonb)`,
        [type, String(ada.userId), details],
      );
    };
    const pair = { from: 'before', to: 'after' };

    test('by an API token that may not read the profile, or by one at all', async () => {
      const changes = { email: pair, bio: pair, isActive: pair, lockedUntil: pair };
      await write('USER_UPDATED', { ...changes, revokedAt: pair, unusedRecoveryCodes: pair });
      const [blind, seeing] = [
        await byToken(ada, ['session:read']),
        await byToken(ada, ['session:read', 'profile:read']),
      ];
      expect((await newest(blind.client, 'USER_UPDATED'))['details']).toEqual({});
      expect((await newest(seeing.client, 'USER_UPDATED'))['details']).toEqual({ changes });
    });

    test('of a field that no account shows, whatever the type of the event', async () => {
      const own = ['passwordHash', 'note', '__proto__', 'constructor', 'toString', 'hasOwnProperty'];
      const hidden = Object.fromEntries(own.map((field) => [field, pair]));
      for (const type of ['USER_UPDATED', 'ROLE_GRANTED', 'PASSWORD_RESET', 'SIGNING_KEY_ROTATED']) {
        await write(type, hidden);
        expect((await newest(ada, type as 'USER_UPDATED'))['details']).toEqual({});
        await write(type, { ...hidden, isActive: pair });
        const details = await eventually(async () => {
          const event = await newest(ada, type as 'USER_UPDATED');
          return Object.keys(event['details'] as Json).length > 0 && event['details'];
        });
        expect(details).toEqual({ changes: { isActive: pair } });
      }
    });

    test('by anybody else', async () => {
      const event = await newest(ada, 'USER_UPDATED');
      const query = `query ($id: ID!) { node(id: $id) { ... on SecurityEvent { ${fields} } } }`;
      expect((await eve.ask(query, { id: event['id'] })).data['node']).toBeNull();
    });
  });
});
