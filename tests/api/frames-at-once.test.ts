import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import WebSocket, { WebSocketServer } from 'ws';
import { PacedSocket } from '../../src/api/paced-socket.js';
import { textFrame } from '../../src/api/text-frame.js';
import type { Client } from '../support/client.js';
import { allPublished } from '../support/events.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';
import { begun, forEveryone, Listener, publishMarked, range } from '../support/listeners.js';

describe('a frame that is written directly', () => {
  let server: Server;
  let stream: Duplex;
  let own: WebSocket;
  let client: WebSocket;
  const heard: string[] = [];
  let pongs = 0;
  beforeAll(async () => {
    server = createServer().listen(0, '127.0.0.1');
    const sockets = new WebSocketServer({ noServer: true });
    server.on('upgrade', (request, duplex, head) => {
      stream = duplex;
      sockets.handleUpgrade(request, duplex, head, (socket) => {
        own = socket;
      });
    });
    await eventually(() => server.listening);
    client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    client.on('message', (data, isBinary) => heard.push(isBinary ? 'binary' : String(data)));
    client.on('pong', () => {
      pongs += 1;
    });
    await eventually(() => client.readyState === WebSocket.OPEN && own);
  });
  afterAll(() => {
    client.terminate();
    server.close();
  });
  afterEach(() => {
    heard.length = 0;
  });

  test.each([0, 1, 124, 125, 126, 127, 65_534, 65_535, 65_536, 65_537, 200_000])(
    'is read by a client when it has %i bytes, between frames of ws',
    async (length) => {
      const start = 'x'.repeat(Math.min(length, 20));
      const rest = Buffer.alloc(length - start.length, 'y');
      own.send('before');
      stream.write(textFrame(start, rest));
      own.ping('p');
      stream.write(textFrame(start, rest));
      own.send('behind');
      await eventually(() => heard.length === 4);
      const text = `${start}${rest}`;
      expect(heard[0]).toBe('before');
      expect(heard[1] === text && heard[2] === text).toBe(true);
      expect(heard[3]).toBe('behind');
      expect(client.readyState).toBe(WebSocket.OPEN);
    },
  );

  test.each(['é'.repeat(62), 'é'.repeat(63), '🦭'.repeat(20_000), '漢'.repeat(21_845), '\ud800', 'a\u0000"\\\n'])(
    'counts bytes, not characters (%#)',
    async (text) => {
      stream.write(textFrame(text, Buffer.from(text)));
      client.ping('p');
      const before = pongs;
      await eventually(() => heard.length === 1 && pongs > before);
      expect(heard[0] === `${text}${text}`.toWellFormed()).toBe(true);
    },
  );
});

describe('streams on one socket', () => {
  let harness: Harness;
  let admin: Client;
  /** Whether each socket was open, with nothing unsent, when a frame was written to it. */
  const were: boolean[] = [];
  const open: Listener[] = [];
  const thrown: unknown[] = [];
  const note = (error: unknown) => void thrown.push(error);
  beforeAll(async () => {
    harness = await Harness.start();
    admin = await harness.admin();
    const { sendNow } = PacedSocket.prototype;
    jest.spyOn(PacedSocket.prototype, 'sendNow').mockImplementation(function (this: PacedSocket, frame) {
      were.push(this.isOpen && (Reflect.get(this, 'socket') as WebSocket).bufferedAmount === 0);
      sendNow.call(this, frame);
    });
    process.on('unhandledRejection', note);
  });
  afterAll(async () => {
    process.off('unhandledRejection', note);
    await harness.close();
    jest.restoreAllMocks();
  });
  afterEach(() => {
    for (const { socket } of open.splice(0)) socket.socket.terminate();
    expect(were.length).toBeGreaterThan(0);
    expect(were.splice(0)).not.toContain(false);
    expect(thrown).toEqual([]);
    expect(harness.logged.filter((line) => line.includes('"level":50'))).toEqual([]);
  });

  const listen = async (ids: readonly string[]) => {
    const listeners = await Listener.open(harness.app.url, admin, ids);
    open.push(...listeners);
    return listeners;
  };

  test('each hear an event, whatever the client has called them', async () => {
    const ids = ['1', 'a"b\\c', '\n\u0000', 'é🦭', '__proto__x', '{"id":"1"}', 'l'.repeat(60_000), '\ud800', '2'];
    const listeners = [...(await listen(['first'])), ...(await listen(ids))];
    await begun(harness, listeners);
    await publishMarked(harness, 1, 10);
    await eventually(() => listeners.every(({ marks }) => marks.includes(10)));
    for (const { marks } of listeners) expect(marks.filter((mark) => mark > 0)).toEqual(range(1, 10));
  });

  test.each([60, 126, 1000, 65_100, 65_300, 65_600, 100_000])(
    'each hear events whose texts have %i characters',
    async (length) => {
      const listeners = [...(await listen(['a'])), ...(await listen(['b', 'c']))];
      await begun(harness, listeners);
      // Each a byte longer: some of them are at the border of two headers.
      for (let mark = 1; mark <= 3; mark += 1)
        await publishMarked(harness, mark, mark, 'é'.repeat(mark) + 'x'.repeat(length));
      await eventually(() => listeners.every(({ marks }) => marks.includes(3)));
      for (const { marks } of listeners) expect(marks.filter((mark) => mark > 0)).toEqual([1, 2, 3]);
    },
  );

  test('hear nothing behind the answer to a message that follows `complete`', async () => {
    const [staying] = (await listen(['x'])) as [Listener];
    const [first, second] = (await listen(['a', 'b'])) as [Listener, Listener];
    await begun(harness, [staying, first, second]);
    const { socket } = first;
    for (let mark = 1; mark <= 10; mark += 1) {
      const writing = publishMarked(harness, mark);
      if (mark === 5) socket.send({ id: 'a', type: 'complete' });
      if (mark === 5) socket.send({ type: 'ping', payload: { mark } });
      await writing;
    }
    await eventually(() => second.marks.includes(10) && staying.marks.includes(10));
    const { frames } = socket;
    const pong = frames.findIndex(({ type }) => type === 'pong');
    expect(pong).toBeGreaterThan(0);
    expect(frames.slice(pong).filter(({ id }) => id === 'a')).toEqual([]);
    expect(second.marks.filter((mark) => mark > 0)).toEqual(range(1, 10));
    // The same id again is another stream.
    socket.subscribe('a', forEveryone, { after: second.cursors.at(-1) });
    await publishMarked(harness, 11);
    await eventually(() => frames.some(({ id }, at) => at > pong && id === 'a'));
    expect(first.marks.filter((mark) => mark === 11)).toEqual([11]);
  });

  test('are written to only while it is open, however it closes', async () => {
    const staying = await listen(['x', 'y']);
    const leaving: Listener[][] = [];
    for (let n = 0; n < 12; n += 1) leaving.push(await listen(['a', 'b']));
    await begun(harness, [...staying, ...leaving.flat()]);
    for (const [n, [listener]] of leaving.entries()) {
      const { socket } = (listener as Listener).socket;
      const writing = publishMarked(harness, n * 5 + 1, n * 5 + 5);
      if (n % 3 === 0) socket.terminate();
      else if (n % 3 === 1) socket.close();
      else (Reflect.get(socket, '_socket') as Duplex).end();
      await writing;
    }
    await allPublished(harness);
    await eventually(() => staying.every(({ marks }) => marks.includes(60)));
    for (const { marks } of staying) expect(marks.filter((mark) => mark > 0)).toEqual(range(1, 60));
    await eventually(() => harness.app.services.eventFeed.size === staying.length);
  });

  test('are not disturbed by pings, also of many fragments', async () => {
    const staying = await listen(['x']);
    const listeners = await listen(['a', 'b']);
    await begun(harness, [...staying, ...listeners]);
    const { socket } = (listeners[0] as Listener).socket;
    let pongs = 0;
    socket.on('pong', () => {
      pongs += 1;
    });
    for (let mark = 1; mark <= 20; mark += 1) {
      const writing = publishMarked(harness, mark, mark, 'x'.repeat(mark * 3000));
      // A ping between the fragments of a message (RFC 6455, section 5.4).
      socket.send('{"type":"pi', { fin: false });
      socket.ping('p');
      socket.send('ng"}', { fin: true });
      await writing;
    }
    await eventually(() => listeners.every(({ marks }) => marks.includes(20)) && pongs > 0);
    for (const { marks, socket: each } of listeners) {
      expect(marks.filter((mark) => mark > 0)).toEqual(range(1, 20));
      await eventually(() => each.frames.filter(({ type }) => type === 'pong').length === 20);
      expect(each.closed).toBeUndefined();
    }
  });
});
