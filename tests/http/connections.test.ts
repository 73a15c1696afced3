import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openPort } from '../../src/http/listener.js';
import { eventually } from '../support/eventually.js';
import { Harness } from '../support/harness.js';

/** As the service has them, a fiftieth as long. */
const times = { headersTimeout: 300, requestTimeout: 600, connectionsCheckingInterval: 100, keepAliveTimeout: 300 };

let harness: Harness;
const open: Socket[] = [];
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => {
  for (const socket of open) socket.destroy();
});

/** A connection that writes byte by byte what it is given, and collects what is answered. */
function line(port: number) {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  open.push(socket);
  let received = '';
  socket.setEncoding('utf8').on('data', (text) => {
    received += text;
  });
  const closed = once(socket, 'close').then(() => received);
  return { socket, closed, received: () => received };
}
const portOf = (url: string) => Number(new URL(url).port);
const head = (more = '') => `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${more}`;

test.each([
  ['its headers', head()],
  ['its first line', 'POST /'],
  ['its body', head('Content-Length: 100\r\n\r\n{')],
  ['a chunk of its body', head('Transfer-Encoding: chunked\r\n\r\nfff\r\n{')],
])('a client that sends %s drop by drop is cut off with 408', async (_what, begun) => {
  const server = await openPort(
    { host: '127.0.0.1', port: 0 },
    ['HOST', 'PORT'],
    (request, response) => void request.resume().on('end', () => response.end('all')),
    times,
  );
  const { socket, closed } = line((server.address() as AddressInfo).port);
  socket.write(begun);
  const drops = setInterval(() => socket.write(begun.endsWith('\r\n') ? 'X-Drop: x\r\n' : 'x'), 50);
  expect(await closed).toMatch(/^HTTP\/1\.1 408 /);
  clearInterval(drops);
  server.close();
});

test('headers that are too large, and a request that is none, are refused without a handler', async () => {
  for (const [begun, status] of [
    [`GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
    [`GET / HTTP/1.1\r\nHost: x\r\n${'X-Many: x\r\n'.repeat(3000)}\r\n`, 431],
    ['nonsense\r\n\r\n', 400],
    [head('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'), 400],
    [head('Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde'), 400],
  ] as const) {
    const { socket, closed } = line(portOf(harness.app.url));
    socket.write(begun);
    expect(await closed).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  }
});

test('a connection is used again, and closed at once when the service stops', async () => {
  const app = await harness.another();
  const body = JSON.stringify({ query: '{ __typename }' });
  const { socket, closed, received } = line(portOf(app.url));
  for (const n of [1, 2]) {
    socket.write(head(`Content-Length: ${body.length}\r\n\r\n${body}`));
    await eventually(() => received().split('{"data"').length === n + 1);
  }
  expect(received()).not.toMatch(/connection: close/i);
  expect(received()).toMatch(/keep-alive: timeout=72/i);
  await app.close();
  await closed;
});
