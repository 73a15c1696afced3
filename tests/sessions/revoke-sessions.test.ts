import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { newApiToken } from '../../src/api-tokens/token-format.js';
import { hours, minutes } from '../../src/clock.js';
import { hashToken } from '../../src/secrets.js';
import { makeToken } from '../support/api-tokens.js';
import { Client, type Json } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { statementsOf } from '../support/statements.js';

let harness: Harness;
let admin: Client;
let count = 0;
beforeAll(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
});

const sql = () => harness.app.services.database.sql;
const isSignedIn = async (client: Client) => (await client.ask('{ viewer { id } }')).codes.length === 0;
const newName = () => {
  count += 1;
  return `reviewer${count}`;
};

async function again(username: string, headers: Record<string, string> = {}): Promise<Client> {
  const client = harness.client(headers);
  await client.login(username, password);
  return client;
}

/** Signs one person in on this many devices. */
async function devices(number: number): Promise<Client[]> {
  const username = newName();
  const clients = [await harness.person(username)];
  while (clients.length < number) clients.push(await again(username));
  return clients;
}

const revoke = (client: Client, sessionId: unknown): Promise<Json> =>
  client.mutate('revokeSession', { sessionId }, 'session { id isCurrent user { username } }');
const idsIn = (sessions: Json | undefined) => [...(sessions ?? [])].map((session) => String((session as Json)['id']));
const sessionsOf = async (client: Client) =>
  idsIn((await client.ask('{ viewer { sessions { id } } }')).data['viewer']?.['sessions']);
const endingsOf = async (client: Client) =>
  (
    await sql().rows<{ type: string; actorId: string }>(
      `select type, actor_id as "actorId" from every_event where session_id = $1 and type not in ('LOGIN_SUCCEEDED', 'PERMISSION_DENIED')`,
      [String(client.sessionId)],
    )
  ).map(({ type, actorId }) => [type, actorId]);
const notFound = { session: null, errors: [{ code: 'NOT_FOUND', field: ['input', 'sessionId'] }] };

describe('User.sessions', () => {
  test('shows where each was opened and by what, and which is the one that asks', async () => {
    const name = newName();
    await harness.person(name);
    const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0';
    const client = await again(name, { 'user-agent': agent });
    const { data } = await client.ask(
      '{ viewer { sessions { id device ipAddress userAgent isCurrent lastUsedAt expiresAt user { username } } } }',
    );
    const sessions = [...(data['viewer']?.['sessions'] ?? [])] as Json[];
    expect(sessions).toHaveLength(2);
    expect(sessions.find(({ isCurrent }) => isCurrent)).toMatchObject({
      id: client.sessionId,
      device: 'Firefox on Linux',
      ipAddress: expect.stringMatching(/127\.0\.0\.1|::1/),
      userAgent: agent,
      user: { username: name },
    });
    expect(sessions.filter(({ isCurrent }) => isCurrent)).toHaveLength(1);
  });

  test('holds living ones alone, the one used last first', async () => {
    const own = await Harness.start();
    const first = await own.person('orderly');
    const [second, third, ended] = [own.client(), own.client(), own.client()];
    for (const client of [second, third, ended]) {
      own.clock.advance(minutes(1));
      await client.login('orderly', password);
    }
    await ended.ask('mutation { logout { errors { code } } }');
    expect(await sessionsOf(third)).toEqual([third, second, first].map(({ sessionId }) => sessionId));
    own.clock.advance(minutes(1));
    expect(await isSignedIn(first)).toBe(true);
    await own.app.services.lastUses.flush();
    expect((await sessionsOf(first))[0]).toBe(first.sessionId);
    // The first two sessions have expired, whether or not that has been recorded.
    own.clock.advance(hours(7) - minutes(3));
    await third.login('orderly', password);
    const living = await sessionsOf(third);
    expect(living[0]).toBe(third.sessionId);
    expect(living).not.toContain(first.sessionId);
    expect(living).not.toContain(second.sessionId);
    await own.close();
  });

  test('lastUsedAt is the last request, written by and by and never back', async () => {
    const [client] = await devices(1);
    const stored = async () =>
      (await sql().row<{ at: Date }>('select last_used_at as at from sessions where id = $1', [
        String(client?.sessionId),
      ])) as { at: Date };
    const { at } = await stored();
    harness.clock.advance(minutes(2));
    await client?.ask('{ viewer { id } }');
    expect((await stored()).at).toEqual(at);
    await harness.app.services.lastUses.flush();
    const used = (await stored()).at;
    expect(used.getTime() - at.getTime()).toBeGreaterThanOrEqual(minutes(2));
    await sql().rows("update sessions set last_used_at = last_used_at + interval '1 hour' where id = $1", [
      String(client?.sessionId),
    ]);
    await client?.ask('{ viewer { id } }');
    await harness.app.services.lastUses.flush();
    expect((await stored()).at.getTime() - used.getTime()).toBe(hours(1));
  });

  test('of a list of users costs one statement', async () => {
    const statements = (first: number) =>
      statementsOf(harness, async () => {
        const query = `{ users(first: ${first}) { nodes { sessions { device } } } }`;
        expect((await admin.ask(query)).codes).toEqual([]);
      });
    await devices(2);
    await devices(2);
    expect(await statements(3)).toBe(await statements(1));
  });
});

describe('revokeSession', () => {
  test("ends another of one's own at once, once, and puts it on record", async () => {
    const [mine, other] = (await devices(2)) as [Client, Client];
    for (let round = 0; round < 2; round += 1)
      expect(await revoke(mine, other.sessionId)).toMatchObject({
        session: { id: other.sessionId, isCurrent: false },
        errors: [],
      });
    expect(await isSignedIn(other)).toBe(false);
    expect((await other.mutate('refreshSession', { refreshToken: other.refreshToken }, ''))['errors']).toMatchObject([
      { code: 'INVALID_TOKEN' },
    ]);
    expect(await isSignedIn(mine)).toBe(true);
    expect(await endingsOf(other)).toEqual([['SESSION_REVOKED', mine.userId]]);
  });

  test('in 20 parallel tries makes one event', async () => {
    const [mine, other] = (await devices(2)) as [Client, Client];
    const payloads = await Promise.all(Array.from({ length: 20 }, () => revoke(mine, other.sessionId)));
    expect(payloads.flatMap(({ errors }) => [...(errors ?? [])])).toEqual([]);
    expect(await endingsOf(other)).toHaveLength(1);
  });

  test('of the current session is a logout', async () => {
    const [mine] = (await devices(1)) as [Client];
    const answer = await mine.ask(
      `mutation { revokeSession(input: { sessionId: "${mine.sessionId}" }) { session { id user { email } } errors { code } } }`,
    );
    expect(answer.codes).toEqual([]);
    expect(answer.data['revokeSession']?.['session']?.['user']?.['email']).toContain('@');
    expect(answer.headers.get('set-cookie')).toMatch(/__Host-gatehouse-refresh=;/);
    expect(await isSignedIn(mine)).toBe(false);
    const anonymous = await mine.ask('mutation { revokeOtherSessions { errors { code } } }');
    expect(anonymous.codes).toEqual(['UNAUTHENTICATED']);
  });

  test('in the middle of an operation leaves nothing of the caller to what follows', async () => {
    const [mine, other] = (await devices(2)) as [Client, Client];
    const answer = await mine.ask(
      `mutation { one: revokeSession(input: { sessionId: "${mine.sessionId}" }) { errors { code } }
        two: revokeSession(input: { sessionId: "${other.sessionId}" }) { errors { code } } }`,
    );
    expect(answer.codes).toEqual(['UNAUTHENTICATED']);
    expect(await isSignedIn(other)).toBe(true);
  });

  test("of a stranger's is answered like that of nobody's, and ends nothing", async () => {
    const [[victim], [eve]] = (await Promise.all([devices(1), devices(1)])) as [[Client], [Client]];
    for (const id of [victim.sessionId, randomUUID(), victim.userId, '', '-', "' or 1=1 --", 'a'.repeat(10_000)])
      expect(await revoke(eve, id)).toEqual(notFound);
    expect(await isSignedIn(victim)).toBe(true);
    expect(await endingsOf(victim)).toEqual([]);
  });

  test("of anybody's is an administrator's, and the record names both", async () => {
    const [person] = (await devices(1)) as [Client];
    expect(await revoke(admin, person.sessionId)).toMatchObject({ session: { id: person.sessionId }, errors: [] });
    expect(await isSignedIn(person)).toBe(false);
    expect(await endingsOf(person)).toEqual([['SESSION_REVOKED', admin.userId]]);
    expect(await revoke(admin, randomUUID())).toEqual(notFound);
  });

  test('is told to the streams of the person', async () => {
    const [mine, other] = (await devices(2)) as [Client, Client];
    const stream = mine.follow('subscription { sessionEvents { type session { id } } }');
    await eventually(() => harness.app.services.signals.listenerCount('published') > 0);
    // Repeated until the event arrives, because the stream may start a moment after the first.
    await eventually(async () => {
      await again(`reviewer${count}`);
      return stream.events.length > 0;
    });
    await revoke(mine, other.sessionId);
    const revoked = { sessionEvents: { type: 'REVOKED', session: { id: other.sessionId } } };
    await eventually(() => stream.events.some((event) => JSON.stringify(event) === JSON.stringify(revoked)));
    stream.stop();
  });
});

describe('revokeOtherSessions and revokeUserSessions', () => {
  test('others are those of the caller but this one', async () => {
    const [mine, ...others] = (await devices(4)) as [Client, ...Client[]];
    const [stranger] = (await devices(1)) as [Client];
    const run = async () =>
      idsIn(
        (await mine.ask('mutation { revokeOtherSessions { sessions { id } } }')).data['revokeOtherSessions']?.[
          'sessions'
        ],
      );
    expect((await run()).sort()).toEqual(others.map(({ sessionId }) => sessionId).sort());
    expect(await run()).toEqual([]);
    expect(await Promise.all([mine, stranger, ...others].map(isSignedIn))).toEqual([true, true, false, false, false]);
    expect(await sessionsOf(mine)).toEqual([mine.sessionId]);
  });

  test('API tokens of the caller, and of nobody else, end with them where that is asked for', async () => {
    const [[mine], [stranger]] = (await Promise.all([devices(1), devices(1)])) as [[Client], [Client]];
    const scripts = await Promise.all(
      [mine, stranger].map(async (owner) => Object.assign(harness.client(), await makeToken(owner, ['profile:read']))),
    );
    const run = async (args: string) => {
      const { codes } = await mine.ask(`mutation { revokeOtherSessions${args} { errors { code } } }`);
      expect(codes).toEqual([]);
      return Promise.all(scripts.map(isSignedIn));
    };
    expect(await run('')).toEqual([true, true]);
    expect(await run('(revokeApiTokens: true)')).toEqual([false, true]);
    expect(await isSignedIn(mine)).toBe(true);
  });

  const revokeAll = (client: Client, userId: unknown) =>
    client.mutate('revokeUserSessions', { userId }, 'sessions { id }');

  test("an administrator ends all of a person's", async () => {
    const clients = (await devices(3)) as [Client, Client, Client];
    const payload = await revokeAll(admin, clients[0].userId);
    expect(idsIn(payload['sessions']).sort()).toEqual(clients.map(({ sessionId }) => String(sessionId)).sort());
    expect(await Promise.all(clients.map(isSignedIn))).toEqual([false, false, false]);
    for (const id of [randomUUID(), '-', clients[0].sessionId])
      expect(await revokeAll(admin, id)).toEqual({
        sessions: null,
        errors: [{ code: 'NOT_FOUND', field: ['input', 'userId'] }],
      });
  });

  test('of oneself it is a logout everywhere', async () => {
    const [root, elsewhere] = [await harness.admin(), await harness.admin()];
    const answer = await root.ask(
      `mutation { revokeUserSessions(input: { userId: "${root.userId}" }) { sessions { id user { email } } } }`,
    );
    expect(answer.codes).toEqual([]);
    expect(answer.headers.get('set-cookie')).toMatch(/__Host-gatehouse-refresh=;/);
    expect(await Promise.all([root, elsewhere, admin].map(isSignedIn))).toEqual([false, false, false]);
    admin = await harness.admin();
  });

  test('nobody but administrators may', async () => {
    const [[eve], [victim]] = (await Promise.all([devices(1), devices(1)])) as [[Client], [Client]];
    const query = (id: unknown) => `mutation { revokeUserSessions(input: { userId: "${id}" }) { errors { code } } }`;
    for (const id of [victim.userId, eve.userId, randomUUID()])
      expect((await eve.ask(query(id))).codes).toEqual(['FORBIDDEN']);
    expect(await Promise.all([eve, victim].map(isSignedIn))).toEqual([true, true]);
  });
});

test.each(['*', 'admin'])('no API token touches sessions (%s)', async (kind) => {
  const owner = kind === 'admin' ? admin : ((await devices(1))[0] as Client);
  const token = newApiToken();
  await sql().rows(
    `insert into api_tokens (id, user_id, name, token_hash, scopes, created_at) values ($1, $2, 'x', $3, $4, now())`,
    [randomUUID(), String(owner.userId), hashToken(token), ['session:*', 'user:*', 'profile:*']],
  );
  const program = harness.client({ authorization: `Bearer ${token}` });
  for (const call of [
    `revokeSession(input: { sessionId: "${owner.sessionId}" })`,
    'revokeOtherSessions',
    `revokeUserSessions(input: { userId: "${owner.userId}" })`,
    'logout',
  ])
    expect([call, (await program.ask(`mutation { ${call} { errors { code } } }`)).codes]).toEqual([
      call,
      ['FORBIDDEN'],
    ]);
  expect(await isSignedIn(owner)).toBe(true);
  // The token's scopes allow reading sessions.
  expect((await program.ask('{ viewer { sessions { id isCurrent } } }')).codes).toEqual([]);
});

test('a revocation is final in another process too, from its memory or without', async () => {
  const { url } = await harness.another();
  const [mine, other] = (await devices(2)) as [Client, Client];
  const elsewhere = Object.assign(new Client(url), { token: other.token });
  expect(await isSignedIn(elsewhere)).toBe(true);
  await revoke(mine, other.sessionId);
  await eventually(async () => !(await isSignedIn(elsewhere)));
});
