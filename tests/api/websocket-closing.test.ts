import { connect, type Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { Harness, password } from '../support/harness.js';
import { RawSocket } from '../support/raw-socket.js';

/** A client that starts a websocket handshake and then neither answers nor closes. */
function stubborn(url: string, path: string): Socket {
  const { port } = new URL(url);
  const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
  const lines = [
    `GET ${path} HTTP/1.1`,
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Protocol: graphql-transport-ws',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  socket.on('error', () => undefined);
  return socket;
}

const answered = (socket: Socket): Promise<string> =>
  new Promise((resolve) => socket.once('data', (data) => resolve(String(data))));

test('a refused upgrade is not held open by a client that does not close it', async () => {
  const harness = await Harness.start();
  const socket = stubborn(harness.app.url, '/nope');
  expect(await answered(socket)).toContain('404');
  // The server has destroyed the connection, so writing to it causes a reset.
  await eventually(() => {
    socket.write('x');
    return socket.destroyed || socket.errored !== null;
  });
  socket.destroy();
});

test('a client that ignores the closing handshake does not hold up a stop', async () => {
  const harness = await Harness.start();
  const socket = stubborn(harness.app.url, '/graphql');
  expect(await answered(socket)).toContain('101');
  await harness.close();
  expect((await fetch(harness.app.url).catch(() => 'gone')) as unknown).toBe('gone');
  socket.destroy();
});

test.each([
  ['address', () => '198.51.100.7'],
  ['IPv6 /64', (n: number) => `2001:db8:0:1::${n.toString(16)}`],
])('one %s has a hundred sockets and no more, and gets them back', async (_what, addressOf) => {
  const harness = await Harness.start({ TRUSTED_PROXIES: '127.0.0.1' });
  const from = (address: string) => new RawSocket(harness.app.url, { 'x-forwarded-for': address });
  const sockets = Array.from({ length: 110 }, (_, n) => from(addressOf(n)));
  await eventually(() => sockets.every(({ isOpen, refused }) => isOpen || refused));
  expect(sockets.filter(({ isOpen }) => isOpen)).toHaveLength(100);
  expect(new Set(sockets.map(({ refused }) => refused))).toEqual(new Set([undefined, 429]));
  const stranger = from('2001:db8:0:2::1');
  await eventually(() => stranger.isOpen);
  sockets.find(({ isOpen }) => isOpen)?.socket.terminate();
  await eventually(async () => {
    const next = from(addressOf(1));
    await eventually(() => next.isOpen || next.refused);
    return next.isOpen;
  });
  await harness.close();
});

test('one caller has a bounded number of live streams, and gets them back', async () => {
  const harness = await Harness.start();
  const person = await harness.person('greedy');
  const streams = Array.from({ length: 40 }, () => person.follow('subscription { sessionEvents { type } }'));
  await eventually(() => streams.filter(({ ended }) => ended).length === 10);
  expect(new Set(streams.flatMap(({ codes }) => codes))).toEqual(new Set(['RATE_LIMITED']));
  for (const stream of streams) stream.stop();
  for (const stream of streams) await stream.client.dispose();
  await eventually(async () => {
    const another = person.follow('subscription { sessionEvents { type } }');
    // Repeats the sign-in until its event arrives, because the stream may start a moment later.
    await eventually(async () => {
      await harness.client().login('greedy', password);
      return another.ended || another.events.length > 0;
    });
    await another.client.dispose();
    return another.events.length > 0;
  });
});
