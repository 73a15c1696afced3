import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { networkOf } from './networks.js';
import { socketProtocol } from './socket-protocol.js';
import type { WebsocketOptions } from './websocket-options.js';

/** Largest message, in bytes. */
const maxPayload = 64 * 1024;
/** Most fragments of one message. Clients send messages whole; each fragment takes some hundred bytes of memory. */
const mostPieces = 1024;
/** Time for a client to complete the closing handshake, in milliseconds. */
const closingTime = 2000;
const mostSocketsPerAddress = 100;

/**
 * Serves graphql-transport-ws on /graphql. Queries and mutations go through Apollo, so HTTP and websockets share one
 * pipeline.
 * @returns `size`, the number of open sockets, and `close`, which ends all of them with 1001 and destroys those that do not
 *   answer in time
 */
export function serveWebsockets(options: WebsocketOptions): { size(): number; close(): Promise<void> } {
  const sockets = new WebSocketServer({
    noServer: true,
    autoPong: false,
    closeTimeout: closingTime,
    maxPayload,
    maxFragments: mostPieces,
    maxBufferedChunks: mostPieces,
    handleProtocols,
  } as ConstructorParameters<typeof WebSocketServer>[0]);
  const open = new Map<string, number>();
  const accept = socketProtocol(options, options.held);
  /** The HTTP server no longer tracks upgraded connections, so `close` destroys them. */
  const streams = new Set<Duplex>();
  options.server.on('upgrade', (request, stream, head) => {
    track(streams, stream);
    const address = networkOf(options.addressOf(request));
    const status = refusal(options, request, open.get(address) ?? 0);
    if (status)
      return void stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () =>
        stream.destroy(),
      );
    sockets.handleUpgrade(request, stream, head, (socket) => {
      enter(open, address, socket);
      accept(socket, stream, request);
    });
  });
  const close = async () => {
    for (const socket of sockets.clients) socket.close(1001, 'Going away');
    // Clients that do not answer the closing handshake are cut off.
    const timer = setTimeout(() => {
      for (const stream of streams) stream.destroy();
    }, closingTime);
    await new Promise((resolve) => sockets.close(resolve));
    for (const stream of streams) stream.destroy();
    clearTimeout(timer);
  };
  return { size: () => sockets.clients.size, close };
}

/** @returns the status line, with further headers if needed; undefined if the upgrade is accepted */
function refusal(
  { allowsOrigin, stopping }: WebsocketOptions,
  request: IncomingMessage,
  alreadyOpen: number,
): string | undefined {
  if (!/^\/graphql\/?(?:\?|$)/.test(request.url ?? '')) return '404 Not Found';
  if (stopping.aborted) return '503 Service Unavailable';
  if (!allowsOrigin(request.headers.origin)) return '403 Forbidden';
  return alreadyOpen >= mostSocketsPerAddress ? '429 Too Many Requests\r\nRetry-After: 1' : undefined;
}

/** A function of its own: what it leaves behind for each socket must not hold the request. */
function track(streams: Set<Duplex>, stream: Duplex): void {
  stream.on('error', () => stream.destroy());
  streams.add(stream);
  stream.once('close', () => streams.delete(stream));
}

/** See `track`. */
function enter(open: Map<string, number>, address: string, socket: WebSocket): void {
  open.set(address, (open.get(address) ?? 0) + 1);
  socket.on('close', () => leave(open, address));
}

function leave(open: Map<string, number>, address: string): void {
  const left = (open.get(address) ?? 1) - 1;
  if (left > 0) open.set(address, left);
  else open.delete(address);
}
