import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ApolloServer } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { ServerOptions, Context as Socket, SubscribePayload } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Presented } from '../authentication/authenticate.js';
import type { PrincipalKey } from '../authentication/principals.js';
import { rateLimited } from '../errors.js';
import type { ApolloOptions } from './apollo.js';
import type { Context } from './context.js';
import { networkOf } from './rate-limits.js';
import { formatted, type Prepared, prepare, viaApollo } from './socket-operations.js';
import type { SocketWatch, Watched } from './socket-watch.js';
import { subscribe } from './subscribe.js';

export interface WebsocketOptions extends ApolloOptions {
  readonly server: Server;
  readonly apollo: ApolloServer<Context>;
  readonly watch: SocketWatch;
  readonly allowsOrigin: (origin: string | undefined) => boolean;
  /** Aborted when the service begins to stop. */
  readonly stopping: AbortSignal;
  readonly addressOf: (request: IncomingMessage) => string;
  /** @param presented what `connection_init` brought */
  readonly createContext: (request: IncomingMessage, presented: Presented) => Promise<Context>;
}

type Extra = {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  watched?: Watched;
  /** Set while it is watched over. */
  key?: PrincipalKey;
};
type Connection = Socket<Record<string, unknown>, Extra>;

/** In bytes. */
const maxPayload = 64 * 1024;
/** In milliseconds. */
const initTimeout = 5000;
const closingTime = 2000;
const mostOperations = 20;
/** Live streams of one caller, on all sockets of this process. */
const mostStreams = 30;
const mostSocketsPerAddress = 100;

/** Serves graphql-transport-ws on /graphql. Queries and mutations go through Apollo, so both transports have one pipeline. */
export function serveWebsockets(options: WebsocketOptions): { close(): Promise<void> } {
  const sockets = new WebSocketServer({ noServer: true, maxPayload });
  const open = new Map<string, number>();
  /** Upgraded connections are the HTTP server's no more, so we end them ourselves. */
  const streams = new Set<Duplex>();
  options.server.on('upgrade', (request, stream, head) => {
    stream.on('error', () => stream.destroy());
    streams.add(stream);
    stream.once('close', () => streams.delete(stream));
    const address = networkOf(options.addressOf(request));
    const status = refusal(options, request, open.get(address) ?? 0);
    if (status)
      return void stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () =>
        stream.destroy(),
      );
    sockets.handleUpgrade(request, stream, head, (socket) => {
      open.set(address, (open.get(address) ?? 0) + 1);
      socket.on('close', () => leave(open, address));
      sockets.emit('connection', socket, request);
      // graphql-ws would print what is wrong with a frame to the console; ws has closed the socket with the code that says it.
      socket.removeAllListeners('error').on('error', () => undefined);
    });
  });
  const protocol = useServer<Record<string, unknown>, Extra>(handlersFor(options), sockets);
  const close = async () => {
    // A client that does not answer the closing handshake is not waited for.
    const impatience = setTimeout(() => {
      for (const stream of streams) stream.destroy();
    }, closingTime);
    await protocol.dispose();
    for (const stream of streams) stream.destroy();
    clearTimeout(impatience);
  };
  return { close };
}

function refusal(
  { allowsOrigin, stopping }: WebsocketOptions,
  request: IncomingMessage,
  alreadyOpen: number,
): string | undefined {
  if (request.url?.split('?')[0] !== '/graphql') return '404 Not Found';
  if (stopping.aborted) return '503 Service Unavailable';
  if (!allowsOrigin(request.headers.origin)) return '403 Forbidden';
  return alreadyOpen >= mostSocketsPerAddress ? '429 Too Many Requests' : undefined;
}

function leave(open: Map<string, number>, address: string): void {
  const left = (open.get(address) ?? 1) - 1;
  if (left > 0) open.set(address, left);
  else open.delete(address);
}

function handlersFor(options: WebsocketOptions): ServerOptions<Record<string, unknown>, Extra> & { isProd: boolean } {
  const format = (error: unknown) => formatted(options, error);
  const following = new Streams();
  return {
    connectionInitWaitTimeout: initTimeout,
    isProd: true,
    onConnect: (connection) => admit(options, connection),
    onClose: ({ extra: { key, watched } }) => (key && watched ? options.watch.release(key, watched) : undefined),
    onSubscribe: async (connection, _id, payload) =>
      begin(options, connection, payload).catch((error) => [
        error instanceof GraphQLError ? error : new GraphQLError('refused', { originalError: error }),
      ]),
    execute: (args) => viaApollo(options.apollo, args as unknown as Prepared),
    subscribe: (args) => following.start(args as unknown as Prepared),
    onError: (_socket, _id, _payload, errors) => errors.map(format),
    onNext: (_socket, _id, _payload, _args, { errors, ...rest }) => ({
      ...rest,
      ...(errors && { errors: errors.map(format) }),
    }),
  };
}

async function admit({ watch }: WebsocketOptions, connection: Connection): Promise<void> {
  const { extra, connectionParams } = connection;
  // graphql-ws keeps null for an operation until it answers or streams.
  const isAnswering = () => Object.values(connection.subscriptions).includes(null);
  extra.watched ??= { socket: extra.socket, isAnswering };
  const key = await watch.admit(extra.watched, presentedIn(connectionParams));
  if (key) extra.key = key;
}

async function begin(options: WebsocketOptions, connection: Connection, payload: SubscribePayload) {
  const { extra, connectionParams, subscriptions } = connection;
  if (Object.keys(subscriptions).length > mostOperations) throw rateLimited(1);
  const context = await options.createContext(extra.request, presentedIn(connectionParams));
  // What did not hold when the socket was opened may hold now: an API token whose owner was reactivated.
  if (context.caller && !extra.key) await admit(options, connection);
  return prepare(options, context, payload);
}

/** Headers by another way: their case does not matter. */
function presentedIn(parameters: Record<string, unknown> | undefined): Presented {
  const named = (wanted: string) => {
    const values = Object.entries(parameters ?? {})
      .filter(([name, value]) => name.toLowerCase() === wanted && value !== null)
      .map(([, value]) => (typeof value === 'string' ? value : 'malformed'));
    // Sent twice they are joined, as HTTP does it, and so hold no credential.
    return values.length > 0 ? values.join() : undefined;
  };
  return { authorization: named('authorization'), apiKey: named('x-api-key') };
}

const failure = (error: unknown) => ({ errors: [new GraphQLError('failed', { originalError: error as Error })] });

/** Counts the live streams of each caller: one account must not be able to keep the whole service busy. */
class Streams {
  private readonly live = new Map<string, number>();

  async start(args: Prepared) {
    const owner = args.contextValue.caller?.userId ?? args.contextValue.client.address;
    if ((this.live.get(owner) ?? 0) >= mostStreams) return failure(rateLimited(1));
    this.live.set(owner, (this.live.get(owner) ?? 0) + 1);
    return subscribe(args, failure, () => leave(this.live, owner));
  }
}
