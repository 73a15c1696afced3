import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { App } from '../../src/app.js';
import { hours, minutes } from '../../src/clock.js';
import { asSystem } from '../../src/open-services.js';
import { expireSessions } from '../../src/sessions/expire-sessions.js';
import { Client, type Json } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { RawSocket } from '../support/raw-socket.js';
import { challenge, codeOf, complete, equip, step } from '../support/second-factor.js';
import { writesOf } from '../support/write-statements.js';

const most = 3;
let harness: Harness;
let other: App;
let count = 0;
beforeAll(async () => {
  harness = await Harness.start({ SESSIONS_PER_ACCOUNT: String(most) });
  other = await harness.another();
});
afterAll(() => harness.close());

const sql = <Row>(text: string, ...values: (string | number | Date)[]) =>
  harness.app.services.database.sql.rows<Row>(text, values);
const newName = () => {
  count += 1;
  return `lodger${count}`;
};

async function signedIn(username: string, url = harness.app.url): Promise<Client> {
  const client = new Client(url);
  const payload = await client.login(username, password);
  expect(payload['errors']).toEqual([]);
  return client;
}

const isSignedIn = async (client: Client) => (await client.ask('{ viewer { id } }')).codes.length === 0;
const livingOf = async (userId: string | undefined): Promise<string[]> =>
  (
    await sql<{ id: string }>(
      'select id from sessions where user_id = $1 and ended_at is null and expires_at > $2 order by created_at',
      String(userId),
      harness.clock.now(),
    )
  ).map(({ id }) => id);
const endingsOf = (userId: string | undefined) =>
  sql<{ sessionId: string; type: string; reason: string }>(
    `select session_id as "sessionId", type, details->>'reason' as reason from every_event
     where subject_id = $1 and type in ('SESSION_REVOKED', 'SESSION_EXPIRED', 'LOGOUT') order by session_id`,
    String(userId),
  );
/** Inserts this many further sessions into the database. */
const open = (userId: string | undefined, sessions: number, expiresAt: Date) =>
  sql(
    `insert into sessions (id, user_id, is_remembered, created_at, last_used_at, expires_at)
     select gen_random_uuid(), $1, false, $3::timestamptz - interval '1 hour', $3::timestamptz - interval '1 minute' * n, $4
     from generate_series(1, $2::int) n`,
    String(userId),
    sessions,
    harness.clock.now(),
    expiresAt,
  );
const inAnHour = () => new Date(harness.clock.now().getTime() + hours(1));

/** Signs one person in on three devices, a minute apart. */
async function full(): Promise<[name: string, Client, Client, Client]> {
  const name = newName();
  const clients = [await harness.person(name)];
  while (clients.length < most) {
    harness.clock.advance(minutes(1));
    clients.push(await signedIn(name));
  }
  harness.clock.advance(minutes(1));
  return [name, ...(clients as [Client, Client, Client])];
}

describe('a sign-in beyond the number of sessions', () => {
  test('ends the one used longest ago, with its tokens and an event that tells why', async () => {
    const [name, first, second, third] = await full();
    await first.ask('{ viewer { id } }');
    await harness.app.services.lastUses.flush();
    const fourth = await signedIn(name);
    expect(await livingOf(first.userId)).toEqual([first, third, fourth].map(({ sessionId }) => sessionId));
    expect(await endingsOf(first.userId)).toEqual([
      { sessionId: second.sessionId, type: 'SESSION_REVOKED', reason: 'SESSION_LIMIT' },
    ]);
    expect(await Promise.all([first, second, third, fourth].map(isSignedIn))).toEqual([true, false, true, true]);
    const refresh = await second.mutate('refreshSession', { refreshToken: second.refreshToken }, '');
    expect(refresh['errors']).toMatchObject([{ code: 'INVALID_TOKEN' }]);
    const [ended] = await sql<{ reason: string }>(
      'select end_reason as reason from sessions where id = $1',
      String(second.sessionId),
    );
    expect(ended?.reason).toBe('SESSION_LIMIT');
  });

  test('closes its sockets in every process, and tells the streams of the others', async () => {
    const [name, first, second] = await full();
    const doomed = await Promise.all([harness.app, other].map(({ url }) => RawSocket.open(url, first.token)));
    const stream = second.follow('subscription { sessionEvents { type session { id } } }');
    await eventually(() => harness.app.services.signals.listenerCount('published') > 0);
    await signedIn(name);
    expect(await Promise.all(doomed.map((socket) => socket.closure()))).toEqual([4401, 4401]);
    const revoked = { sessionEvents: { type: 'REVOKED', session: { id: first.sessionId } } };
    await eventually(() => stream.events.some((event) => JSON.stringify(event) === JSON.stringify(revoked)));
    stream.stop();
  });

  test('counts neither what has run out nor what is of others', async () => {
    const name = newName();
    const first = await harness.person(name);
    const neighbour = await harness.person(newName());
    await open(first.userId, 5, harness.clock.now());
    await open(neighbour.userId, 2, inAnHour());
    const second = await signedIn(name);
    expect(await livingOf(first.userId)).toEqual([first, second].map(({ sessionId }) => sessionId));
    expect(await livingOf(neighbour.userId)).toHaveLength(most);
    expect(await endingsOf(first.userId)).toEqual([]);
  });

  test('of twenty at once, in two processes, leaves no more than there may be', async () => {
    const name = newName();
    const person = await harness.person(name);
    const clients = await Promise.all(
      Array.from({ length: 20 }, (_, n) => signedIn(name, n % 2 ? harness.app.url : other.url)),
    );
    const living = await livingOf(person.userId);
    expect(living).toHaveLength(most);
    const endings = await endingsOf(person.userId);
    const ended = [person, ...clients].map(({ sessionId }) => String(sessionId)).filter((id) => !living.includes(id));
    expect(endings.map(({ sessionId }) => sessionId)).toEqual(ended.sort());
  });

  test('by a second factor is counted, too', async () => {
    const name = newName();
    const equipped = await equip(harness, name);
    for (let n = 0; n < most; n += 1) {
      harness.clock.advance(step);
      const client = harness.client();
      const payload = await complete(client, await challenge(client, name), codeOf(harness, equipped.secret));
      expect(payload['errors']).toEqual([]);
    }
    expect(await livingOf(equipped.client.userId)).toHaveLength(most);
    expect(await isSignedIn(equipped.client)).toBe(false);
  });

  test('that proves nothing ends nothing', async () => {
    const [name, first] = await full();
    await harness.client().login(name, 'something else entirely');
    expect(await livingOf(first.userId)).toHaveLength(most);
  });

  test('brings thousands down to the number at once', async () => {
    const name = newName();
    const person = await harness.person(name);
    await open(person.userId, 3000, inAnHour());
    const last = await signedIn(name);
    const living = await livingOf(person.userId);
    expect(living).toHaveLength(most);
    expect(living).toEqual(expect.arrayContaining([person.sessionId, last.sessionId]));
    expect(await endingsOf(person.userId)).toHaveLength(3001 + 1 - most);
  });
});

describe('3,000 sessions', () => {
  let admin: Client;
  beforeAll(async () => {
    admin = await harness.admin();
  });

  const ends: [how: string, reason: string, kept: number, run: (person: Client) => Promise<Json>][] = [
    [
      'revokeOtherSessions',
      'REVOKED',
      1,
      async (person) =>
        (await person.ask('mutation { revokeOtherSessions { endedCount sessions { id } errors { code } } }')).data[
          'revokeOtherSessions'
        ] as Json,
    ],
    [
      'revokeUserSessions',
      'REVOKED',
      0,
      (person) => admin.mutate('revokeUserSessions', { userId: person.userId }, 'endedCount sessions { id }'),
    ],
    [
      'changePassword',
      'PASSWORD_CHANGED',
      1,
      (person) =>
        person.mutate('changePassword', { currentPassword: password, newPassword: `${password} anew` }, 'user { id }'),
    ],
    ['deactivateUser', 'DEACTIVATED', 0, (person) => admin.mutate('deactivateUser', { userId: person.userId }, '')],
  ];

  test.each(ends)('are ended by %s in a handful of statements, as three are', async (_how, reason, kept, run) => {
    const statements: number[] = [];
    for (const many of [2, 3000]) {
      const person = await harness.person(newName());
      await open(person.userId, many, inAnHour());
      const work = async () => {
        const payload = await run(person);
        expect(payload['errors']).toEqual([]);
        if (reason !== 'REVOKED') return;
        expect(payload['endedCount']).toBe(many + 1 - kept);
        expect(payload['sessions']).toHaveLength(Math.min(many + 1 - kept, 100));
      };
      statements.push(await writesOf(work, /update sessions/));
      expect(await livingOf(person.userId)).toHaveLength(kept);
      const endings = await endingsOf(person.userId);
      expect(endings).toHaveLength(many + 1 - kept);
      expect(new Set(endings.map((ending) => ending.reason))).toEqual(new Set([reason]));
    }
    expect(statements[0]).toBeGreaterThan(2);
    expect(statements[1]).toBe(statements[0]);
  });

  test('that have run out are put on record in bounded steps', async () => {
    const person = await harness.person(newName());
    await open(person.userId, 1200, harness.clock.now());
    const statements = await writesOf(() => expireSessions(asSystem(harness.app.services)), /update sessions/);
    expect(statements).toBeGreaterThan(2);
    expect(statements).toBeLessThan(20);
    const endings = await endingsOf(person.userId);
    expect(endings).toHaveLength(1200);
    expect(new Set(endings.map(({ type, reason }) => `${type} ${reason}`))).toEqual(
      new Set(['SESSION_EXPIRED EXPIRED']),
    );
  });
});

test('who ends the same sessions at the same time deadlocks nobody, and each has one end', async () => {
  const name = newName();
  const person = await harness.person(name);
  await open(person.userId, 300, inAnHour());
  const [mine, elsewhere] = [await signedIn(name), await signedIn(name, other.url)];
  await open(person.userId, 300, inAnHour());
  const revoke = (client: Client) => client.ask('mutation { revokeOtherSessions { errors { code } } }');
  const outcomes = await Promise.all([
    revoke(mine),
    revoke(elsewhere),
    revoke(person),
    ...Array.from({ length: 6 }, () => harness.client().login(name, password)),
  ]);
  // Each call ends the other sessions, so later calls may be unauthenticated.
  const codes = outcomes.flatMap((outcome) => ('codes' in outcome ? [...(outcome.codes as readonly string[])] : []));
  expect(codes.filter((code) => code !== 'UNAUTHENTICATED')).toEqual([]);
  const endings = await endingsOf(person.userId);
  expect(new Set(endings.map(({ sessionId }) => sessionId)).size).toBe(endings.length);
  expect((await livingOf(person.userId)).length).toBeLessThanOrEqual(most);
  expect(harness.logged.join('')).not.toMatch(/deadlock|"level":50/);
});
