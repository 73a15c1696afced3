import { randomUUID } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { newApiToken } from '../../src/api-tokens/token-format.js';
import type { App } from '../../src/app.js';
import { after, days, hours, seconds } from '../../src/clock.js';
import { hashToken } from '../../src/secrets.js';
import { makeToken } from '../support/api-tokens.js';
import { Client } from '../support/client.js';
import { DatabaseLine } from '../support/database-line.js';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { codesIn, RawSocket } from '../support/raw-socket.js';
import { withoutSignals } from '../support/signals.js';

const unauthorized = 4401;
const stream = 'subscription { sessionEvents { type } }';
let harness: Harness;
let other: App;
let count = 0;
beforeAll(async () => {
  harness = await Harness.start();
  other = await harness.another();
});
const opened: RawSocket[] = [];
afterEach(() => {
  for (const { socket } of opened.splice(0)) socket.terminate();
});

const newName = () => {
  count += 1;
  return `socketeer${count}`;
};
const sql = (text: string, ...values: string[]) => harness.app.services.database.sql.rows(text, values);
const followers = ({ services: { eventFeed } }: App) => eventFeed.size;

async function open(app: App, token?: string): Promise<RawSocket> {
  const socket = await RawSocket.open(app.url, token);
  opened.push(socket);
  return socket;
}

async function streaming(app: App, token?: string): Promise<RawSocket> {
  const socket = await open(app, token);
  const before = followers(app);
  socket.subscribe('stream', stream);
  await eventually(() => followers(app) > before);
  return socket;
}

/** Idle and streaming sockets in two processes. */
const everywhere = async (token?: string): Promise<RawSocket[]> => [
  await open(harness.app, token),
  await streaming(harness.app, token),
  await open(other, token),
  await streaming(other, token),
];

const closures = (sockets: readonly RawSocket[]) => Promise.all(sockets.map((socket) => socket.closure()));
const all = (sockets: readonly RawSocket[]) => sockets.map(() => unauthorized);
const stayOpen = (sockets: readonly RawSocket[]) =>
  expect(sockets.map(({ closed }) => closed)).toEqual(sockets.map(() => undefined));

/** Waits until each process has checked its sockets again. */
async function looked(...apps: App[]): Promise<void> {
  for (const app of apps) {
    const { principals } = app.services;
    const original = principals.ended;
    let looks = 0;
    principals.ended = (keys) => {
      looks += 1;
      return original.call(principals, keys);
    };
    await eventually(() => looks > 1);
    principals.ended = original;
  }
}

describe('sockets are closed in every process, idle or streaming,', () => {
  test.each<[string, (person: Client, username: string) => Promise<unknown>]>([
    ['at logout', (person) => person.ask('mutation { logout { errors { code } } }')],
    [
      'at revocation from another session',
      async (person, username) => {
        const elsewhere = harness.client();
        await elsewhere.login(username, password);
        await elsewhere.mutate('revokeSession', { sessionId: person.sessionId }, 'session { id }');
      },
    ],
    [
      'at revocation of the others',
      async (_person, username) => {
        const elsewhere = harness.client();
        await elsewhere.login(username, password);
        await elsewhere.ask('mutation { revokeOtherSessions { errors { code } } }');
      },
    ],
    [
      'at revocation by an administrator',
      async ({ userId }) => (await harness.admin()).mutate('revokeUserSessions', { userId }, 'sessions { id }'),
    ],
    [
      'at reuse of a refresh token',
      async ({ refreshToken }) => {
        for (let use = 0; use < 2; use += 1) {
          await harness.client().mutate('refreshSession', { refreshToken }, 'authentication { tokenType }');
          harness.clock.advance(seconds(11));
        }
      },
    ],
    [
      'when the account is deactivated',
      ({ userId }) => sql('update users set is_active = false where id = $1', String(userId)),
    ],
    ['when the account is deleted', ({ userId }) => sql('delete from users where id = $1', String(userId))],
    [
      'when whatever else ends the session',
      ({ sessionId }) =>
        sql(`update sessions set ended_at = now(), end_reason = 'PASSWORD_RESET' where id = $1`, String(sessionId)),
    ],
  ])('%s', async (_when, end) => {
    const username = newName();
    const person = await harness.person(username);
    const sockets = await everywhere(person.token);
    const bystanders = await everywhere((await harness.person(newName())).token);
    await end(person, username);
    expect(await closures(sockets)).toEqual(all(sockets));
    stayOpen(bystanders);
  });

  test.each([
    ['idle', hours(7)],
    ['absolute', days(30)],
  ])('when the %s lifetime of the session is over', async (_which, lifetime) => {
    const own = await Harness.start();
    const second = await own.another();
    let { token, refreshToken } = await own.person('patient');
    // Refreshed until its lifetime ends, the session and its sockets stay open, whichever token opened them.
    const sockets = [await open(own.app, token), await streaming(own.app, token), await open(second, token)];
    for (let left = lifetime - hours(7); left > 0; left -= hours(6)) {
      own.clock.advance(Math.min(hours(6), left));
      const payload = await own
        .client()
        .mutate('refreshSession', { refreshToken }, 'authentication { accessToken refreshToken }');
      token = String(payload['authentication']?.['accessToken']);
      refreshToken = String(payload['authentication']?.['refreshToken']);
    }
    await looked(own.app, second);
    stayOpen(sockets);
    own.clock.advance(hours(7));
    expect(await closures(sockets)).toEqual(all(sockets));
    await own.close();
  });

  test.each<[string, (hash: string) => Promise<unknown>]>([
    ['revoked', (name) => sql('update api_tokens set revoked_at = now() where name = $1', name)],
    ['deleted', (name) => sql('delete from api_tokens where name = $1', name)],
    ['expired', async () => harness.clock.advance(hours(2))],
  ])('when their API token is %s', async (_how, end) => {
    const { userId } = await harness.person(newName());
    const token = newApiToken();
    const name = randomUUID();
    await harness.app.services.database.sql.rows(
      `insert into api_tokens (id, user_id, name, token_hash, scopes, created_at, expires_at) values ($1, $2, $3, $4, $5, now(), $6)`,
      [name, String(userId), name, hashToken(token), ['session:read'], after(harness.clock.now(), hours(1))],
    );
    const sockets = await everywhere(token);
    await end(name);
    expect(await closures(sockets)).toEqual(all(sockets));
  });
});

describe('a socket', () => {
  test.each([
    ['logout', 'mutation { logout { session { id user { username } } errors { code } } }'],
    [
      'revokeSession',
      'mutation ($id: ID!) { revokeSession(input: { sessionId: $id }) { session { id user { username } } errors { code } } }',
    ],
  ])('over which %s is sent gets its answer first', async (name, query) => {
    const username = newName();
    const person = await harness.person(username);
    const [socket, ...rest] = (await everywhere(person.token)) as [RawSocket, ...RawSocket[]];
    socket.subscribe('end', query, { id: person.sessionId });
    expect(await closures([socket, ...rest])).toEqual(all([socket, ...rest]));
    const [next, complete] = socket.frames.filter(({ id }) => id === 'end');
    expect(next?.payload).toEqual({
      data: { [name]: { session: { id: person.sessionId, user: { username } }, errors: [] } },
    });
    expect(complete?.type).toBe('complete');
  });

  test('lives as long as its session, but operations and streams on it need an unexpired token', async () => {
    const own = await Harness.start();
    const person = await own.person('expiring');
    const socket = await open(own.app, person.token);
    socket.subscribe('stream', stream);
    await eventually(() => followers(own.app) > 0);
    own.clock.advance(hours(1) + seconds(1));
    await own.client().login('expiring', password);
    await socket.frame('complete', 'stream');
    for (const [id, query] of [
      ['query', '{ viewer { id } }'],
      ['again', stream],
    ] as const) {
      socket.subscribe(id, query);
      const frame = await eventually(() => socket.frames.find((frame) => frame.id === id));
      const { payload } = frame as { payload: { errors?: unknown } };
      expect(codesIn({ ...frame, payload: payload.errors ?? payload })).toEqual(['UNAUTHENTICATED']);
    }
    await looked(own.app);
    stayOpen([socket]);
    await own.close();
  });

  test('that presents nothing, or what does not hold, is nobody and stays open', async () => {
    const person = await harness.person(newName());
    await person.ask('mutation { logout { errors { code } } }');
    const sockets = [
      await open(harness.app),
      await open(harness.app, 'nonsense'),
      await open(harness.app, person.token),
    ];
    await looked(harness.app);
    for (const [n, socket] of sockets.entries()) {
      socket.subscribe('viewer', '{ viewer { id } }');
      const { payload } = await socket.frame('next', 'viewer');
      const codes = codesIn({ type: '', payload: (payload as { errors?: unknown }).errors ?? [] });
      expect(codes).toEqual(n === 0 ? [] : ['UNAUTHENTICATED']);
    }
    stayOpen(sockets);
  });

  test('that was opened with an API token while its owner was deactivated is closed as any other', async () => {
    const username = newName();
    const person = await harness.person(username);
    const { id, token } = await makeToken(person, ['session:read']);
    const admin = await harness.admin();
    await admin.mutate('deactivateUser', { userId: person.userId }, 'user { id }');
    const sockets = [await open(harness.app, token), await open(other, token)];
    await admin.mutate('reactivateUser', { userId: person.userId }, 'user { id }');
    for (const socket of sockets)
      for (const query of ['one', 'another']) {
        socket.subscribe(query, '{ viewer { id } }');
        expect(await socket.frame('next', query)).toMatchObject({
          payload: { data: { viewer: { id: person.userId } } },
        });
      }
    await person.login(username, password);
    await person.mutate('revokeApiToken', { apiTokenId: id }, 'apiToken { id }');
    expect(await closures(sockets)).toEqual(all(sockets));
  });

  test('whose client does not answer the closing handshake is cut off', async () => {
    const person = await harness.person(newName());
    const stubborn = await open(harness.app, person.token);
    // The client ignores close frames, so the connection ends abnormally.
    (Reflect.get(stubborn.socket, '_receiver') as EventEmitter).removeAllListeners('conclude');
    await person.ask('mutation { logout { errors { code } } }');
    expect(await stubborn.closure()).toBe(1006);
  });

  test('of a client of graphql-ws is not opened again with the same credential', async () => {
    const person = await harness.person(newName());
    let connections = 0;
    const client = createClient({
      url: `${harness.app.url.replace(/^http/, 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      lazy: false,
      retryAttempts: 5,
      shouldRetry: () => true,
      connectionParams: { authorization: `Bearer ${person.token}` },
      onNonLazyError: () => undefined,
      on: { connected: () => (connections += 1) },
    });
    const closed = new Promise<unknown>((resolve) => client.on('closed', resolve));
    await eventually(() => connections === 1);
    await person.ask('mutation { logout { errors { code } } }');
    expect((await closed) as object).toMatchObject({ code: unauthorized });
    await looked(harness.app);
    expect(connections).toBe(1);
    await client.dispose();
  });
});

describe('the watch', () => {
  test('costs no statement while signals are heard, and one for all sessions while they are not', async () => {
    const own = await Harness.start();
    const people = [await own.person('one'), await own.person('two'), await own.person('three')];
    for (const { token } of [...people, ...people]) await open(own.app, token);
    const { sql: line } = own.app.services.database;
    const asked: { heard: boolean; sessions: number }[] = [];
    const { signals } = own.app.services;
    const original = line.rows;
    line.rows = (text, values) => {
      if (/from (sessions|api_tokens)/.test(text))
        asked.push({ heard: signals.isListening, sessions: [values?.[0]].flat().length });
      return original.call(line, text, values) as never;
    };
    await looked(own.app);
    expect(asked.filter(({ heard }) => heard)).toEqual([]);
    const restore = await withoutSignals(own.app);
    await eventually(() => asked.length >= 3);
    expect(asked.filter(({ sessions }) => sessions !== 3)).toEqual([]);
    await restore();
    await own.close();
  });

  test('closes sockets while the process cannot hear signals', async () => {
    const deaf = await harness.another();
    const person = await harness.person(newName());
    const sockets = [await open(deaf, person.token), await streaming(deaf, person.token)];
    const restore = await withoutSignals(deaf);
    await looked(deaf);
    stayOpen(sockets);
    await person.ask('mutation { logout { errors { code } } }');
    expect(await closures(sockets)).toEqual(all(sockets));
    await restore();
  });

  test('closes nothing while the database is away, and what has ended meanwhile as soon as it is back', async () => {
    const line = await DatabaseLine.to(harness.databaseUrl);
    const app = await harness.another({ DATABASE_URL: line.url });
    const [leaver, stayer] = [await harness.person(newName()), await harness.person(newName())];
    const [gone, kept] = [await open(app, leaver.token), await open(app, stayer.token)];
    line.cut();
    await eventually(() => !app.services.signals.isListening);
    // The owner of the token cannot be determined, so a new socket is closed with 1013, try again later.
    const unseen = new RawSocket(app.url);
    await eventually(() => unseen.isOpen);
    unseen.send({ type: 'connection_init', payload: { authorization: `Bearer ${leaver.token}` } });
    expect(await unseen.closure()).toBe(1013);
    await leaver.ask('mutation { logout { errors { code } } }');
    await looked(app);
    stayOpen([gone, kept]);
    line.mend();
    expect(await closures([gone])).toEqual([unauthorized]);
    stayOpen([kept]);
    await app.close();
    await line.close();
    expect(harness.logged.filter((entry) => entry.includes('watch over open sockets'))).toEqual([]);
  });
});
