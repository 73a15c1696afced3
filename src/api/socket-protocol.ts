import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { GraphQLError } from 'graphql';
import { CloseCode, makeServer, type ServerOptions, type Context as Socket, type SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { isSameCredential, type Presented } from '../authentication/authenticate.js';
import type { PrincipalKey } from '../authentication/principals.js';
import { badInput, rateLimited } from '../errors.js';
import type { Context } from '../graphql/context.js';
import type { Held } from '../operations/held.js';
import { traceOf } from '../operations/trace.js';
import { type TracePlace, tracePlaceIn } from '../operations/traceparent.js';
import { KeptDocuments } from './kept-documents.js';
import { PacedSocket } from './paced-socket.js';
import { reportOperation } from './report-operation.js';
import { SocketHeartbeat } from './socket-heartbeat.js';
import { formatted, type Prepared, prepare, viaApollo } from './socket-operations.js';
import type { Watched } from './socket-watch.js';
import { type StreamArgs, Streams } from './streams.js';
import type { Handshake, WebsocketOptions } from './websocket-options.js';

type Extra = {
  readonly socket: WebSocket;
  readonly paced: PacedSocket;
  readonly handshake: Handshake;
  /** The credentials in the headers of the handshake. */
  readonly header: Presented;
  /** Set by `connection_init`. */
  presented?: Presented;
  /** The place in a trace that `connection_init` names. */
  trace?: TracePlace | undefined;
  watched?: Watched;
  /** Set while `SocketWatch` watches the socket. */
  key?: PrincipalKey;
};
type Connection = Socket<Record<string, unknown>, Extra>;
type Handlers = ServerOptions<Record<string, unknown>, Extra>;

/** In milliseconds. */
const initTimeout = 5000;
const mostOperations = 20;

/**
 * Speaks graphql-transport-ws on websockets. It replaces graphql-ws's adapter for ws, which sends without back-pressure
 * and logs clients' mistakes to the console.
 * @returns a function that takes over one socket
 */
export function socketProtocol(options: WebsocketOptions, held: Held) {
  const protocol = makeServer<Record<string, unknown>, Extra>(handlersFor(options));
  const heartbeat = new SocketHeartbeat();
  return (socket: WebSocket, stream: Duplex, request: IncomingMessage): void => {
    const paced = new PacedSocket(socket, stream, held, mostOperations);
    heartbeat.join(paced);
    const fail = (error: unknown) => {
      options.log.error(traceOf(error), 'A message on a websocket failed unexpectedly');
      paced.close(CloseCode.InternalServerError, 'Internal server error');
    };
    const channel = {
      protocol: socket.protocol,
      send: (text: string) => paced.send(text),
      close: (code: number, reason: string) => paced.close(code, reason),
      onMessage: (handle: (text: string) => Promise<void>) => paced.onMessage((text) => handle(text).catch(fail)),
    };
    const [handshake, header] = [handshakeOf(request), options.presentedIn(request)];
    const closed = protocol.opened(channel, { socket, paced, handshake, header });
    socket.once('close', (code, reason) => {
      heartbeat.leave(paced);
      void closed(code, String(reason)).catch(fail);
    });
  };
}

/** Headers that only the upgrade needs. */
const ofUpgrade = /^(?:connection|upgrade|sec-websocket-.*)$/;

/** The request itself takes a kilobyte more for as long as the socket is open. */
function handshakeOf({ headers, socket }: IncomingMessage): Handshake {
  const kept = Object.entries(headers).filter(([name]) => !ofUpgrade.test(name));
  return { headers: Object.fromEntries(kept), socket };
}

function handlersFor(options: WebsocketOptions): Handlers {
  const format = (error: unknown, args?: Prepared) => formatted(options, error, args?.contextValue.client.requestId);
  const streams = new Streams(options);
  const known = new KeptDocuments();
  return {
    connectionInitWaitTimeout: initTimeout,
    onConnect: (connection) => introduce(options, connection),
    onClose: ({ extra: { key, watched } }) => (key && watched ? options.watch.release(key, watched) : undefined),
    onSubscribe: async (connection, id, payload) =>
      begin(options, connection, id, payload, known).catch((error) => [
        error instanceof GraphQLError ? error : new GraphQLError('refused', { originalError: error }),
      ]),
    execute: (args) => viaApollo(options.apollo, args as unknown as Prepared),
    subscribe: (args) => streams.start(args as unknown as StreamArgs),
    onError: (_socket, _id, _payload, errors) => errors.map((error) => format(error)),
    onNext: (_socket, _id, _payload, args, { errors, ...rest }) => ({
      ...rest,
      ...(errors && { errors: errors.map((error) => format(error, args as unknown as Prepared)) }),
    }),
  };
}

/**
 * Authenticates `connection_init`. Browsers cannot set headers on the upgrade, so they send the credential in its
 * payload. If payload and header hold different credentials, the caller is ambiguous and the socket is closed.
 */
async function introduce(options: WebsocketOptions, connection: Connection): Promise<void> {
  const { extra, connectionParams } = connection;
  const { header } = extra;
  const told = presentedBy(connectionParams);
  extra.trace = tracePlaceIn(connectionParams ?? {});
  if (isNothing(told) || isNothing(header) || isSameCredential(told, header)) {
    extra.presented = isNothing(told) ? header : told;
    return admit(options, connection, extra.presented);
  }
  extra.paced.close(CloseCode.Unauthorized, 'Two credentials');
}

const isNothing = ({ authorization, apiKey }: Presented): boolean => !authorization && !apiKey;

async function admit({ watch }: WebsocketOptions, connection: Connection, presented: Presented): Promise<void> {
  const { extra } = connection;
  // graphql-ws keeps null for an operation that has neither answered nor started a stream.
  const isAnswering = () => Object.values(connection.subscriptions).includes(null);
  extra.watched ??= { socket: extra.socket, isAnswering };
  const key = await watch.admit(extra.watched, presented);
  if (key) extra.key = key;
}

/**
 * Prepares one operation. It counts until its work is done, even after the client has sent `complete`; until then the
 * next one waits for room.
 */
async function begin(
  options: WebsocketOptions,
  connection: Connection,
  id: string,
  payload: SubscribePayload,
  known: KeptDocuments,
): Promise<Prepared | readonly GraphQLError[]> {
  const { extra, subscriptions } = connection;
  if (Object.keys(subscriptions).length > mostOperations) throw rateLimited(1);
  const isStillWanted = (await extra.paced.room()) || id in connection.subscriptions;
  if (!extra.presented || !extra.paced.isOpen || !isStillWanted) throw badInput('Nobody waits for this operation.');
  const trace = tracePlaceIn(payload.extensions ?? {}) ?? extra.trace;
  const context = await options.createContext(extra.handshake, extra.presented, { trace });
  // A credential that was invalid at connection time may be valid now, such as a token whose owner was reactivated.
  if (context.caller && !extra.key) await admit(options, connection, extra.presented);
  const prepared = await prepare(options, context, payload, known).catch((error: unknown) => {
    reportRefusal(context, payload, [error as GraphQLError]);
    throw error;
  });
  if ('document' in prepared) return Object.assign(prepared, { id, socket: extra.paced });
  reportRefusal(context, payload, prepared);
  return prepared;
}

const reportRefusal = (context: Context, { operationName }: SubscribePayload, errors: readonly GraphQLError[]): void =>
  reportOperation(context, { kind: 'unknown', name: operationName, result: { errors } });

/** Reads credentials from the `connection_init` payload. Names are case-insensitive, like those of headers. */
function presentedBy(parameters: Record<string, unknown> | undefined): Presented {
  const named = (wanted: string) => {
    const values = Object.entries(parameters ?? {})
      .filter(([name, value]) => name.toLowerCase() === wanted && value !== null)
      .map(([, value]) => (typeof value === 'string' ? value : 'malformed'));
    // Repeated values are joined as in HTTP, so they match no credential.
    return values.length > 0 ? values.join() : undefined;
  };
  return { authorization: named('authorization'), apiKey: named('x-api-key') };
}
