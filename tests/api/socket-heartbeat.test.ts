import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { WebSocket, WebSocketServer } from 'ws';
import { PacedSocket } from '../../src/api/paced-socket.js';
import { SocketHeartbeat } from '../../src/api/socket-heartbeat.js';
import { Held } from '../../src/operations/held.js';
import { eventually } from '../support/eventually.js';

describe('the heartbeat', () => {
  const counting = () => {
    const nonces: string[] = [];
    const socket = { beat: (nonce: Buffer) => nonces.push(nonce.toString('hex')) } as unknown as PacedSocket;
    return { nonces, socket };
  };

  test('pings each socket with every twelfth beat, from the twelfth on, until it leaves', () => {
    const heartbeat = new SocketHeartbeat(1e9);
    const sockets = Array.from({ length: 30 }, counting);
    const counts = () => sockets.map(({ nonces }) => nonces.length);
    for (const { socket } of sockets) {
      heartbeat.join(socket);
      heartbeat.beat();
    }
    // The first has been in it for thirty beats, the last for one.
    const first = sockets.map((_, n) => Math.floor((sockets.length - n) / 12));
    expect(counts()).toEqual(first);
    for (let n = 0; n < 120; n += 1) heartbeat.beat();
    expect(counts()).toEqual(first.map((count) => count + 10));
    const [one] = sockets;
    if (one) heartbeat.leave(one.socket);
    for (let n = 0; n < 12; n += 1) heartbeat.beat();
    expect(counts()).toEqual(first.map((count, n) => count + (n === 0 ? 10 : 11)));
    // The payload of a ping cannot be known from an earlier one.
    expect(new Set(one?.nonces).size).toBe(one?.nonces.length);
    for (const { socket } of sockets) heartbeat.leave(socket);
  });

  test('beats by itself while there are sockets, also after the last one has left', async () => {
    const heartbeat = new SocketHeartbeat(12);
    for (const { nonces, socket } of [counting(), counting()]) {
      heartbeat.join(socket);
      await eventually(() => nonces.length >= 3);
      heartbeat.leave(socket);
    }
  });
});

describe('a socket that is pinged', () => {
  let server: WebSocketServer;
  beforeEach(async () => {
    server = new WebSocketServer({ port: 0, host: '127.0.0.1', autoPong: false });
    await once(server, 'listening');
  });
  afterEach(() => {
    jest.restoreAllMocks();
    for (const client of server.clients) client.terminate();
    server.close();
  });

  const nonce = (byte: number) => Buffer.alloc(8, byte);

  async function pair(autoPong: boolean) {
    const { port } = server.address() as { port: number };
    const client = new WebSocket(`ws://127.0.0.1:${port}`, { autoPong });
    const [socket, request] = (await once(server, 'connection')) as [WebSocket, { socket: never }];
    await once(client, 'open');
    return { client, socket, paced: new PacedSocket(socket, request.socket, new Held(2 ** 20), 20) };
  }

  function later(milliseconds: number) {
    const now = performance.now() + milliseconds;
    jest.spyOn(performance, 'now').mockReturnValue(now);
  }

  test('is terminated when it has not answered for twenty seconds, or with another payload', async () => {
    const { client, socket, paced } = await pair(false);
    const pinged = once(client, 'ping');
    paced.beat(nonce(1));
    expect((await pinged)[0]).toEqual(nonce(1));
    client.pong(nonce(2));
    await once(socket, 'pong');
    later(19_000);
    paced.beat(nonce(3));
    expect(socket.readyState).toBe(WebSocket.OPEN);
    later(2000);
    paced.beat(nonce(4));
    const [code] = await once(client, 'close');
    expect(code).toBe(1006);
  });

  test('stays, and is pinged again, when it has answered', async () => {
    const { client, socket, paced } = await pair(true);
    for (const byte of [1, 2, 3]) {
      const [pinged, answered] = [once(client, 'ping'), once(socket, 'pong')];
      paced.beat(nonce(byte));
      expect((await pinged)[0]).toEqual(nonce(byte));
      await answered;
      later(30_000);
    }
    expect(socket.readyState).toBe(WebSocket.OPEN);
  });
});
