import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { makeToken } from '../support/api-tokens.js';
import type { Client } from '../support/client.js';
import { DeafSocket } from '../support/deaf-socket.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { codesIn, RawSocket } from '../support/raw-socket.js';

const megabyte = 1024 * 1024;
const minute = 60_000;
let harness: Harness;
let admin: Client;
beforeAll(async () => {
  harness = await Harness.start();
  admin = await harness.admin();
});
afterAll(() => harness.close());

const open: { destroy(): void }[] = [];
const said: unknown[][] = [];
beforeAll(() => {
  for (const way of ['error', 'warn', 'log'] as const)
    jest.spyOn(console, way).mockImplementation((...words) => void said.push(words));
});
afterEach(() => {
  for (const socket of open.splice(0)) socket.destroy();
  expect(said.splice(0)).toEqual([]);
});
afterAll(() => {
  jest.restoreAllMocks();
});

const deaf = async (token?: string) => {
  const socket = await DeafSocket.open(harness.app.url, token);
  open.push(socket);
  return socket;
};
const raw = async (token?: string) => {
  const socket = await RawSocket.open(harness.app.url, token);
  open.push({ destroy: () => socket.socket.terminate() });
  return socket;
};
const live = async () => (await fetch(`${harness.app.url}/health/live`)).status;
const frame = (message: object) => Buffer.from(JSON.stringify(message));

describe('a client that does not read', () => {
  const kinds = [
    ['pings', frame({ type: 'ping', payload: { text: 'x'.repeat(60_000) } }), 'text', 100 * megabyte],
    ['pings of the websocket itself', Buffer.alloc(125, 1), 'ping', 5 * megabyte],
  ] as const;
  const aliases = Array.from({ length: 30 }, (_, n) => `a${n}: permissionCatalogue { resource action description }`);
  const query = `{ ${aliases.join(' ')} }`;

  test(
    'is not read either, has few operations run, and is closed within a minute',
    async () => {
      const before = process.memoryUsage();
      const floods = await Promise.all(
        kinds.map(async ([what, data, kind, most]) => {
          const socket = await deaf();
          return { what, socket, flood: socket.flood(data, most, kind) };
        }),
      );
      const askers = await Promise.all(Array.from({ length: 10 }, () => deaf(admin.token)));
      for (const socket of askers)
        for (let n = 0; n < 200; n += 1) socket.send({ id: `q${n}`, type: 'subscribe', payload: { query } });
      const sockets = [...floods.map(({ socket }) => socket), ...askers];
      await eventually(async () => {
        expect(await live()).toBe(200);
        return sockets.map((socket) => socket.isOver()).every(Boolean);
      }, 2 * minute);
      for (const { flood } of floods) await flood;
      // The kernel buffers some megabytes per connection.
      expect(floods[0]?.socket.taken).toBeLessThan(64 * megabyte);
      const { external, rss } = process.memoryUsage();
      expect(external - before.external).toBeLessThan(64 * megabyte);
      expect(rss - before.rss).toBeLessThan(192 * megabyte);
    },
    3 * minute,
  );
});

describe('operations that the client has completed', () => {
  test('count until their work is done: of eighty at once twenty run', async () => {
    const { sql } = harness.app.services.database;
    const original = sql.rows;
    let [running, most, begun] = [0, 0, 0];
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    sql.rows = async (text, ...more) => {
      if (!text.includes('from posts')) return original.call(sql, text, ...more) as never;
      begun += 1;
      running += 1;
      most = Math.max(most, running);
      await held;
      running -= 1;
      return original.call(sql, text, ...more) as never;
    };
    const socket = await raw(admin.token);
    for (let n = 0; n < 80; n += 1) {
      const before = begun;
      socket.subscribe(`p${n}`, '{ posts { totalCount } }');
      if (n < 20) await eventually(() => begun > before);
      socket.send({ id: `p${n}`, type: 'complete' });
    }
    socket.subscribe('last', '{ viewer { username } }');
    expect(most).toBe(20);
    release();
    expect(await socket.frame('next', 'last')).toMatchObject({ payload: { data: { viewer: {} } } });
    expect(most).toBe(20);
    expect(socket.frames.filter(({ type }) => type === 'error')).toEqual([]);
    sql.rows = original;
  });
});

describe('nothing is said on the console', () => {
  const stream = 'subscription { securityEvents { cursor } }';

  test('about frames of a strange shape', async () => {
    const long = 'é'.repeat(5000);
    for (const frames of [
      [
        { id: long, type: 'subscribe', payload: { query: stream } },
        { id: long, type: 'subscribe', payload: { query: stream } },
      ],
      [{ id: '__proto__', type: 'subscribe', payload: { query: stream } }, { type: 'connection_init' }],
      [{ id: 'constructor', type: 'complete' }, { type: 'ping', payload: 'x' }, '{'],
      [{ type: long }],
      [Buffer.from([0xff, 0xfe])],
      [
        { id: '\ud800', type: 'subscribe', payload: { query: stream } },
        { id: '\ud800', type: 'subscribe', payload: { query: stream } },
      ],
    ]) {
      const socket = await raw(admin.token);
      for (const each of frames) socket.send(each);
      expect(await socket.closure()).toBeGreaterThanOrEqual(4400);
    }
    const socket = await raw(admin.token);
    for (const broken of [
      [0xc1, 0x80],
      [0x83, 0x80],
      [0x89, 0xfe, 0xff, 0xff],
    ])
      (Reflect.get(socket.socket, '_socket') as NodeJS.WritableStream).write(Buffer.from(broken));
    expect(await socket.closure()).toBe(1002);
  });

  test('about clients that leave early', async () => {
    for (let n = 0; n < 30; n += 1) {
      const socket = await raw(admin.token);
      socket.subscribe('1', n % 2 ? stream : '{ viewer { username roles { name } } }');
      socket.subscribe('2', '{ viewer { id ');
      if (n % 3 === 0) socket.socket.close();
      else socket.socket.terminate();
    }
    await eventually(async () => (await live()) === 200);
    expect(harness.logged.filter((line) => line.includes('"level":50'))).toEqual([]);
  });
});

describe('credentials in the headers of the upgrade', () => {
  const who = async (headers: Record<string, string>, payload?: object) => {
    const socket = new RawSocket(harness.app.url, headers);
    open.push({ destroy: () => socket.socket.terminate() });
    await eventually(() => socket.isOpen);
    socket.send({ type: 'connection_init', ...(payload && { payload }) });
    await eventually(() => socket.closed ?? socket.frames.some(({ type }) => type === 'connection_ack'));
    if (socket.closed) return socket.closed;
    socket.subscribe('who', '{ viewer { username } }');
    const { payload: answer } = await socket.frame('next', 'who');
    const { data, errors } = answer as { data: { viewer: { username: string } | null }; errors?: object };
    return errors ? codesIn({ type: '', payload: errors })[0] : (data.viewer?.username ?? null);
  };
  const header = () => ({ authorization: `Bearer ${admin.token}` });

  test('count where connection_init brings none', async () => {
    expect(await who({})).toBeNull();
    expect(await who(header())).toBe('root.admin');
    expect(await who(header(), {})).toBe('root.admin');
    const { token } = await makeToken(admin, ['profile:read']);
    expect(await who({ 'x-api-key': token })).toBe('root.admin');
    expect(await who({ authorization: 'Bearer nonsense' })).toBe('UNAUTHENTICATED');
  });

  test('may be those of connection_init; when they differ the socket is closed', async () => {
    const { token } = await makeToken(admin, ['profile:read']);
    expect(await who(header(), header())).toBe('root.admin');
    expect(await who({ 'x-api-key': token }, { authorization: `Bearer ${token}` })).toBe('root.admin');
    expect(await who(header(), { authorization: `Bearer ${token}` })).toBe(4401);
    expect(await who({ authorization: 'Bearer nonsense' }, header())).toBe(4401);
  });

  test('end with their session, and are refused to a foreign page', async () => {
    const person = await harness.person('header');
    const socket = new RawSocket(harness.app.url, { authorization: `Bearer ${person.token}` });
    await eventually(() => socket.isOpen);
    socket.send({ type: 'connection_init' });
    await socket.frame('connection_ack');
    await person.ask('mutation { logout { errors { code } } }');
    expect(await socket.closure()).toBe(4401);
    const foreign = new RawSocket(harness.app.url, { ...header(), origin: 'https://evil.example' });
    expect(await eventually(() => foreign.refused)).toBe(403);
  });
});
