import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { codesIn, RawSocket } from '../support/raw-socket.js';
import { overHttp, overSocket } from '../support/transports.js';

const allowed = 'https://console.example.com';
let harness: Harness;
const open: RawSocket[] = [];
const raw = (headers: Record<string, string> = {}, path?: string) => {
  const socket = new RawSocket(harness.app.url, headers, path);
  open.push(socket);
  return socket;
};
const ready = async (token?: string) => {
  const socket = await RawSocket.open(harness.app.url, token);
  open.push(socket);
  return socket;
};
beforeAll(async () => {
  harness = await Harness.start({ CORS_ORIGINS: allowed });
});
afterEach(() => {
  for (const { socket } of open.splice(0)) socket.terminate();
});
afterAll(() => {
  expect(harness.logged.join('')).not.toMatch(/"level":50/);
  return harness.close();
});

describe('the upgrade', () => {
  test.each([
    'https://evil.example.com',
    'null',
    `${allowed}.evil.com`,
    'http://console.example.com',
    'http://localhost:1',
    '',
  ])('is refused to the origin %j', async (origin) => {
    expect(await eventually(() => raw({ origin }).refused ?? waitFor(raw({ origin })))).toBe(403);
  });
  test('is granted to an allowed origin, to our own and to who has none', async () => {
    for (const headers of [{ origin: allowed }, { origin: harness.app.url }, {}] as Record<string, string>[]) {
      const socket = raw(headers);
      await eventually(() => socket.isOpen);
    }
  });
  test('is for /graphql alone', async () => {
    const socket = raw({}, '/graphql/more');
    expect(await eventually(() => socket.refused)).toBe(404);
  });
});

async function waitFor(socket: RawSocket): Promise<number | undefined> {
  await eventually(() => socket.refused ?? socket.isOpen);
  return socket.refused ?? 101;
}

describe('a socket is closed', () => {
  test('that does not introduce itself', async () => {
    expect(await raw().closure()).toBe(4408);
  });
  test('that introduces itself twice', async () => {
    const socket = await ready();
    socket.send({ type: 'connection_init' });
    expect(await socket.closure()).toBe(4429);
  });
  test('that subscribes before it has introduced itself', async () => {
    const socket = raw();
    await eventually(() => socket.isOpen);
    socket.subscribe('1', '{ viewer { id } }');
    expect(await socket.closure()).toBe(4401);
    expect(socket.frames).toEqual([]);
  });
  test.each<[string, string | Buffer | object]>([
    ['no JSON', '{'],
    ['JSON that is no message', '[]'],
    ['a number', '1'],
    ['null', 'null'],
    ['an unknown type', { type: 'nonsense' }],
    ['a message without a type', {}],
    ['a subscribe without a query', { id: '1', type: 'subscribe', payload: {} }],
    ['a query that is a number', { id: '1', type: 'subscribe', payload: { query: 1 } }],
    [
      'variables that are text',
      { id: '1', type: 'subscribe', payload: { query: '{ viewer { id } }', variables: 'x' } },
    ],
    ['a subscribe without an id', { type: 'subscribe', payload: { query: '{ viewer { id } }' } }],
    ['an empty id', { id: '', type: 'subscribe', payload: { query: '{ viewer { id } }' } }],
    ['bytes', Buffer.from([0, 255, 1])],
  ])('that sends %s', async (_what, frame) => {
    const socket = await ready();
    socket.send(frame);
    expect(await socket.closure()).toBe(4400);
  });
  test('that uses one id twice at a time', async () => {
    const socket = await ready((await harness.admin()).token);
    socket.subscribe('1', 'subscription { securityEvents { cursor } }');
    socket.subscribe('1', 'subscription { securityEvents { cursor } }');
    expect(await socket.closure()).toBe(4409);
  });
  test('that sends a frame beyond 64 KiB, even in pieces', async () => {
    for (const pieces of [1, 10]) {
      const socket = await ready();
      const piece = 'a'.repeat((10 * 1024 * 1024) / pieces);
      for (let n = 1; n <= pieces; n += 1) socket.socket.send(piece, { fin: n === pieces });
      expect(await socket.closure()).toBe(1009);
    }
  });
  test('whose credentials are of a strange shape: it stays, and is nobody', async () => {
    for (const authorization of [1, null, {}, ['Bearer x']]) {
      const socket = raw();
      await eventually(() => socket.isOpen);
      socket.send({ type: 'connection_init', payload: { authorization } });
      await socket.frame('connection_ack');
      socket.subscribe('1', '{ viewer { id } }');
      expect(await socket.frame('next', '1')).toMatchObject({ payload: { data: { viewer: null } } });
    }
  });
});

describe('operations', () => {
  test('queries and mutations run, signing in included', async () => {
    const login = `mutation { login(input: { identifier: "root.admin", password: "${password}" }) { result { ... on Authentication { accessToken refreshToken } } } }`;
    const signedIn = await overSocket(harness.app.url, { query: login });
    const token = String(signedIn.data['login']?.['result']?.['accessToken']);
    expect((await overHttp(harness.app.url, { query: '{ viewer { username } }', token })).data['viewer']).toEqual({
      username: 'root.admin',
    });
    expect((await overSocket(harness.app.url, { query: '{ viewer { username } }', token })).data['viewer']).toEqual({
      username: 'root.admin',
    });
  });
  test('a cookie cannot be set over a websocket, nor read', async () => {
    const cookie = `mutation { login(input: { identifier: "root.admin", password: "${password}", cookie: true }) { result { __typename } } }`;
    const before = await sessions();
    expect((await overSocket(harness.app.url, { query: cookie })).codes).toEqual(['BAD_USER_INPUT']);
    expect(await sessions()).toBe(before);
    expect(
      (await overSocket(harness.app.url, { query: 'mutation { refreshSession(input: {}) { errors { code } } }' }))
        .codes,
    ).toEqual(['BAD_USER_INPUT']);
  });
  test('twenty run at a time on one socket, and no more', async () => {
    const socket = await ready((await harness.admin()).token);
    for (let n = 0; n < 22; n += 1) socket.subscribe(`s${n}`, 'subscription { securityEvents { cursor } }');
    for (const id of ['s20', 's21']) expect(codesIn(await socket.frame('error', id))).toEqual(['RATE_LIMITED']);
    expect(socket.frames.filter(({ type }) => type === 'error')).toHaveLength(2);
    socket.send({ id: 's0', type: 'complete' });
    socket.subscribe('again', '{ viewer { id } }');
    expect(await socket.frame('next', 'again')).toMatchObject({ payload: { data: { viewer: {} } } });
  });
  test('a subscription is refused over HTTP', async () => {
    const { status, codes } = await overHttp(harness.app.url, {
      query: 'subscription { sessionEvents { cursor } }',
      token: (await harness.admin()).token,
    });
    expect([status, codes]).toEqual([400, ['BAD_USER_INPUT']]);
  });
  const sessions = async () =>
    (await harness.app.services.database.sql.row<{ n: number }>('select count(*)::int as n from sessions'))?.n;
});
