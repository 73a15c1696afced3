import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { answer, usage } from './calls.js';
import { collected } from './collected.js';

// The floors of streams: `ws` that sends the same bytes to all, and graphql-ws with streams in which nothing happens.

const plain = new WebSocketServer({ noServer: true });
const graphql = new WebSocketServer({ noServer: true });
const sockets = new Set<WebSocket>();
plain.on('connection', (socket) => {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
});

const never: AsyncIterableIterator<never> = {
  next: () => new Promise(() => undefined),
  return: async () => ({ done: true, value: undefined }),
  [Symbol.asyncIterator]: () => never,
};
useServer(
  {
    schema: buildSchema(
      'type Query { a: Int } type Subscription { sessionEvents: Event } type Event { cursor: String }',
    ),
    roots: { subscription: { sessionEvents: () => ({ ...never }) } },
  },
  graphql,
);

const server = createServer();
server.on('upgrade', (request, socket, head) => {
  const target = request.url === '/graphql' ? graphql : plain;
  target.handleUpgrade(request, socket, head, (upgraded) => target.emit('connection', upgraded, request));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

const calls = {
  port: () => (server.address() as AddressInfo).port,
  usage,
  collected,
  broadcast: (text: string) => {
    for (const socket of sockets) socket.send(text);
  },
};
export type SocketFloorCalls = typeof calls;

answer(calls);
